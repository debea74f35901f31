export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values), 0.5)
}

/** @param share 0.99 = what 99 in 100 values do not exceed */
export function quantile(values: Float64Array, share: number): number {
  if (values.length === 0) throw new Error('nothing was measured')
  const sorted = values.toSorted()
  const position = share * (sorted.length - 1)
  const below = sorted[Math.floor(position)] ?? 0
  const above = sorted[Math.ceil(position)] ?? 0
  return below + (above - below) * (position % 1)
}
