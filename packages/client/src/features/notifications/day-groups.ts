/** The items of one day, as the person's calendar has it. */
export interface DayGroup<Item> {
  /** As "2026-11-23". */
  dayKey: string
  items: Item[]
}

/** Splits a list that is in order of time into its days; `dayKeyOf` knows the time zone. */
export function groupByDay<Item>(
  items: readonly Item[],
  dayKeyOf: (item: Item) => string,
): DayGroup<Item>[] {
  const groups: DayGroup<Item>[] = []
  for (const item of items) {
    const dayKey = dayKeyOf(item)
    const group = groups.at(-1)
    if (group?.dayKey === dayKey) group.items.push(item)
    else groups.push({ dayKey, items: [item] })
  }
  return groups
}

/** Whole calendar days from one day key to a later one. Days have 23 to 25 hours; dates in UTC do not. */
export function daysBetween(earlier: string, later: string): number {
  return Math.round((Date.parse(later) - Date.parse(earlier)) / 86_400_000)
}
