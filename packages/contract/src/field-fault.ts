/** Why a field was refused: `extensions.reason` beside `extensions.field` of a BAD_USER_INPUT. Never what was sent. */
export const fieldFaults = [
  'EMPTY',
  'TOO_SHORT',
  'TOO_LONG',
  'FORMAT',
  'OUT_OF_RANGE',
  /** Names something that does not exist: an event type, a time zone. */
  'UNKNOWN',
  'DUPLICATE',
  'NOT_A_MEMBER',
  /** A number of a kind that nothing is sent to: premium, shared cost, satellite, emergency, a short code. */
  'NUMBER_KIND',
  /** A country that this server does not send to. */
  'COUNTRY',
  /** The domain takes no mail. */
  'NO_MAIL_DOMAIN',
  /** A password that is among the first that anybody tries, or is made of the person's or product's names. */
  'GUESSABLE',
  /** A password that stands in a collection of stolen ones. */
  'BREACHED',
  /** The password that is in use already. */
  'UNCHANGED',
] as const

export type FieldFault = (typeof fieldFaults)[number]

const known: ReadonlySet<string> = new Set(fieldFaults)

export function isFieldFault(value: unknown): value is FieldFault {
  return typeof value === 'string' && known.has(value)
}
