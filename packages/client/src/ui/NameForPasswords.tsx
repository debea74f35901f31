/** Tells password managers whose password the form is about. Nobody sees it or comes to it by the keyboard. */
export function NameForPasswords({ username }: { username: string }) {
  return <input hidden readOnly type="text" name="username" autoComplete="username" value={username} />
}
