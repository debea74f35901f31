import { deed, denial, sayOthersEnded } from './deed.ts'
import { sayWhySecurity, toSecurity, whenFact, type Wordings } from './wording.ts'
import { say } from './words.ts'

/** What tells of changes to two-factor authentication and its recovery codes. */
export const twoFactorWordings: Wordings<
  | 'TWO_FACTOR_ENABLED'
  | 'TWO_FACTOR_DISABLED'
  | 'TWO_FACTOR_RESET'
  | 'RECOVERY_CODES_REGENERATED'
  | 'RECOVERY_CODE_USED'
> = {
  TWO_FACTOR_ENABLED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ {
        id: 'message.TWO_FACTOR_ENABLED.title',
        message: 'Two-factor authentication is on',
      },
      sentence: /*i18n*/ {
        id: 'message.TWO_FACTOR_ENABLED.sentence',
        message: 'Two-factor authentication was turned on. Your password alone signs nobody in any more.',
      },
      meaning: [sayOthersEnded(telling)],
      action: toSecurity(telling),
    }),

  TWO_FACTOR_DISABLED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ {
        id: 'message.TWO_FACTOR_DISABLED.title',
        message: 'Two-factor authentication is off',
      },
      sentence: /*i18n*/ {
        id: 'message.TWO_FACTOR_DISABLED.sentence',
        message: 'Two-factor authentication was turned off. Your password alone signs you in again.',
      },
      meaning: [sayOthersEnded(telling)],
      action: toSecurity(telling),
    }),

  TWO_FACTOR_RESET: ({ values }, telling) => {
    const sentence = say(
      telling,
      /*i18n*/ {
        id: 'message.TWO_FACTOR_RESET.sentence',
        message: 'An administrator turned off your two-factor authentication, and every session has ended.',
      },
    )
    return {
      title: say(
        telling,
        /*i18n*/ {
          id: 'message.TWO_FACTOR_RESET.title',
          message: 'Two-factor authentication was reset',
        },
      ),
      sentences: [
        sentence,
        say(
          telling,
          /*i18n*/ {
            id: 'message.TWO_FACTOR_RESET.meaning',
            message: 'Sign in with your password, then set it up again.',
          },
        ),
      ],
      short: sentence,
      // Where the administrator sat is not the person's to know.
      facts: [whenFact(telling, values.at)],
      advice: say(
        telling,
        /*i18n*/ {
          id: 'message.TWO_FACTOR_RESET.advice',
          message:
            'If you did not ask for it, somebody else did: lock everything, and tell the administrator of your account.',
        },
      ),
      denial: denial(telling),
      action: toSecurity(telling),
      why: sayWhySecurity(telling),
    }
  },

  RECOVERY_CODES_REGENERATED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.RECOVERY_CODES_REGENERATED.title', message: 'New recovery codes' },
      sentence: /*i18n*/ {
        id: 'message.RECOVERY_CODES_REGENERATED.sentence',
        message: 'New recovery codes were made for you. The old ones no longer work.',
      },
      action: toSecurity(telling),
    }),

  RECOVERY_CODE_USED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.RECOVERY_CODE_USED.title', message: 'Recovery code used' },
      sentence: /*i18n*/ {
        id: 'message.RECOVERY_CODE_USED.sentence',
        message: 'A recovery code of yours was used in place of a code from your app.',
      },
      meaning: [
        say(
          telling,
          /*i18n*/ {
            id: 'message.RECOVERY_CODE_USED.left',
            message:
              '{left, plural, =0 {None is left: make new ones.} one {# is left: make new ones soon.} other {# are left.}}',
          },
          { left: values.left },
        ),
      ],
      action: toSecurity(telling),
    }),
}
