import { type ReactNode, createContext, use, useCallback, useState } from 'react'

const AnnounceContext = createContext<(sentence: string) => void>(() => {})

/** Holds the one live region of the page. Two regions would talk over each other. */
export function Announcer({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState({ sentence: '', count: 0 })
  const announce = useCallback(
    (sentence: string) => setSaid(({ count }) => ({ sentence, count: count + 1 })),
    [],
  )

  return (
    <AnnounceContext value={announce}>
      {children}
      <output aria-live="polite" className="ly-visually-hidden">
        {/* The key makes the same sentence, said twice, a change that is read twice. */}
        <span key={said.count}>{said.sentence}</span>
      </output>
    </AnnounceContext>
  )
}

/** Says a sentence to those who listen to the page, without taking the focus. */
export function useAnnounce(): (sentence: string) => void {
  return use(AnnounceContext)
}
