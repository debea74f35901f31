const known = new Map<string, boolean>()

/** Whether the name is an IANA zone or an alias that this runtime knows. */
export function isTimeZone(name: string): boolean {
  const answer = known.get(name)
  if (answer !== undefined) return answer
  const valid = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/.test(name) && canFormat(name)
  if (known.size < 2000) known.set(name, valid)
  return valid
}

function canFormat(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch {
    return false
  }
}
