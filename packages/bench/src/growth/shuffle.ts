/** In an order without a pattern, and the same each time (Park and Miller, 1988). */
export function shuffle<Value>(values: readonly Value[]): Value[] {
  let state = 42
  const key = () => (state = (state * 48_271) % 2_147_483_647)
  return values
    .map((value) => ({ value, key: key() }))
    .toSorted((one, other) => one.key - other.key)
    .map(({ value }) => value)
}
