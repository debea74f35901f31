import { isRecord } from '../../lib/is-record.ts'

/** A member of what may be an object, as text; "" when it is something else. Carriers change what we do not look at. */
export function textIn(value: unknown, ...path: readonly string[]): string {
  const found = valueIn(value, ...path)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}

export function listIn(value: unknown, ...path: readonly string[]): unknown[] {
  const found = valueIn(value, ...path)
  return Array.isArray(found) ? found : []
}

export function valueIn(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const name of path) found = isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined
  return found
}
