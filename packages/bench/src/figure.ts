import type { Measured, Quantity } from './measure.ts'

/** A ratio that is to be at least, or at most, so much. */
export type Goal = { atLeast: number } | { atMost: number }

export interface FigureOf {
  /** What is measured, for a person to read. */
  what: string
  /** What it is compared with. */
  against: string
  quantity: Quantity
  /** Names of candidates. */
  candidate: string
  reference: string
  goal: Goal
}

/** One line of the table. */
export interface Figure extends FigureOf {
  ratio: number
  reached: boolean
}

/** @throws Error when one of both was not measured */
export function figureOf(measured: readonly Measured[], wanted: FigureOf): Figure {
  const { candidate, reference, quantity, goal } = wanted
  const ratio = valueOf(measured, candidate, quantity) / valueOf(measured, reference, quantity)
  return { ...wanted, ratio, reached: 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost }
}

function valueOf(measured: readonly Measured[], name: string, quantity: Quantity): number {
  const value = measured.find((one) => one.name === name)?.median[quantity]
  if (value === undefined) throw new Error(`${quantity} of "${name}" was not measured`)
  return value
}
