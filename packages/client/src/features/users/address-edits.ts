/** What a person wants of their emails, or of their phones, before it is saved. */
export interface AddressEdits {
  /** Undefined = as it is. */
  primaryId: string | undefined
  removed: ReadonlySet<string>
  /** A new one as it was typed; empty = none. */
  added: string
}

export const noEdits: AddressEdits = { primaryId: undefined, removed: new Set(), added: '' }

interface Acts<Answer> {
  setPrimary: (id: string) => Answer
  remove: (id: string) => Answer
  add: (text: string) => Answer
}

/**
 * What is still to be done, in the order in which nothing stands in the way of the next: the primary is changed before
 * the old one goes, and one goes before there are too many. What was done already, in a try that was refused later, is
 * not there any more.
 */
export function actsFor<Answer>(
  present: readonly { id: string; primary: boolean }[],
  { primaryId, removed, added }: AddressEdits,
  { setPrimary, remove, add }: Acts<Answer>,
): (() => Answer)[] {
  const isNewPrimary = present.some(({ id, primary }) => id === primaryId && !primary)
  const text = added.trim()
  return [
    ...(primaryId && isNewPrimary ? [() => setPrimary(primaryId)] : []),
    ...present
      .filter(({ id }) => removed.has(id) && id !== primaryId)
      .map(
        ({ id }) =>
          () =>
            remove(id),
      ),
    ...(text ? [() => add(text)] : []),
  ]
}
