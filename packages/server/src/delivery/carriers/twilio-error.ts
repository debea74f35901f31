import { DeliveryReason } from '../delivery-reason.ts'

export interface TwilioFault {
  kind: 'passing' | 'permanent'
  reason: DeliveryReason
}

function each(kind: TwilioFault['kind'], reason: DeliveryReason, codes: number[]): [number, TwilioFault][] {
  return codes.map((code) => [code, { kind, reason }])
}

/** The codes of https://www.twilio.com/docs/api/errors that tell more than that something was refused. */
const faults = new Map<number, TwilioFault>([
  // No such number, none that takes this, or none that WhatsApp knows.
  ...each(
    'permanent',
    DeliveryReason.ADDRESS_INVALID,
    [13_223, 13_224, 21_211, 21_214, 21_217, 21_421, 21_614, 21_635, 30_005, 30_006, 63_003, 63_024],
  ),
  // STOP, and whoever blocked us in WhatsApp.
  ...each('permanent', DeliveryReason.OPTED_OUT, [21_610, 63_033]),
  // Regions that are switched off, texts and templates that are not taken, trial accounts.
  ...each(
    'permanent',
    DeliveryReason.MESSAGE_REFUSED,
    [
      13_227, 21_215, 21_216, 21_408, 21_602, 21_605, 21_608, 21_612, 21_617, 21_619, 21_654, 21_655,
      21_656, 30_007, 30_019, 63_013, 63_016, 63_027, 63_028, 63_032, 63_040, 63_041, 63_042,
    ],
  ),
  // Switched off, out of reach, or not let through by the network.
  ...each('permanent', DeliveryReason.UNDELIVERED, [30_003, 30_004]),
  // Credentials, an account that is suspended, a sender that is not ours.
  ...each(
    'passing',
    DeliveryReason.CARRIER_REFUSED,
    [
      20_003, 20_005, 20_006, 20_008, 20_404, 21_210, 21_212, 21_603, 21_606, 21_659, 21_660, 30_002,
      63_007, 90_010,
    ],
  ),
  ...each('passing', DeliveryReason.CARRIER_BUSY, [10_004, 14_107, 20_429, 21_611, 30_001, 63_018, 63_038]),
  ...each('passing', DeliveryReason.CARRIER_FAILED, [20_500, 20_503, 30_008, 30_010]),
])

/** @returns undefined for a code that tells nothing more */
export function twilioFault(code: number): TwilioFault | undefined {
  return faults.get(code)
}
