/** A picture beside a word that says the same; silent to those who listen. */
export function Emoji({ children }: { children: string }) {
  return <span aria-hidden>{children}</span>
}
