import { rowsPerPage } from '@lanyard/contract/limits'

/** What may be chosen, and the present number too when a program has set another. */
export function rowsPerPageOptions(present: number): string[] {
  const choices = new Set<number>([...rowsPerPage.choices, present])
  return [...choices].toSorted((one, other) => one - other).map(String)
}
