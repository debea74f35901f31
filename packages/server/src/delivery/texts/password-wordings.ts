import { deed } from './deed.ts'
import { pages, setNewPassword, toSecurity, type Wordings } from './wording.ts'
import { say } from './words.ts'

/** What leads to a new password, and tells of one. */
export const passwordWordings: Wordings<'PASSWORD_RESET' | 'PASSWORD_CHANGED'> = {
  PASSWORD_RESET: ({ values: { minutes }, secrets: { token } }, telling) => {
    const sentence = say(
      telling,
      /*i18n*/ {
        id: 'message.PASSWORD_RESET.sentence',
        message: 'Somebody asked for a new password for your user.',
      },
    )
    return {
      title: say(telling, /*i18n*/ { id: 'message.PASSWORD_RESET.title', message: 'Set a new password' }),
      sentences: [
        sentence,
        say(
          telling,
          /*i18n*/ {
            id: 'message.PASSWORD_RESET.validity',
            message:
              'The link sets one. {minutes, plural, one {It works once, for # minute.} other {It works once, for # minutes.}}',
          },
          { minutes },
        ),
      ],
      short: sentence,
      action: { label: say(telling, setNewPassword), path: pages.resetPassword(token) },
      why: say(
        telling,
        /*i18n*/ {
          id: 'message.PASSWORD_RESET.why',
          message:
            'You get this because this email is a proven one of a user on {host}. If you did not ask, do nothing: your password stays as it is.',
        },
        { host: telling.publicUrl.host },
      ),
      urgency: 'HIGH',
    }
  },

  PASSWORD_CHANGED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSWORD_CHANGED.title', message: 'Password changed' },
      sentence: /*i18n*/ {
        id: 'message.PASSWORD_CHANGED.sentence',
        message: 'Your password was changed, and every session has ended.',
      },
      meaning: [
        say(
          telling,
          /*i18n*/ {
            id: 'message.PASSWORD_CHANGED.meaning',
            message: 'Sign in with the new one. Access tokens go on working until you end them.',
          },
        ),
      ],
      action: toSecurity(telling),
    }),
}
