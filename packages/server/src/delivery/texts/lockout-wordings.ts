import { deedFacts } from './deed.ts'
import { pages, sayWhySecurity, setNewPassword, whenFact, type Wordings } from './wording.ts'
import { say } from './words.ts'

/** What tells that nobody gets in any more, the person among them. */
export const lockoutWordings: Wordings<'INTRUSION_REPORTED' | 'USER_DISABLED'> = {
  INTRUSION_REPORTED: ({ values }, telling) => {
    const sentence = say(
      telling,
      /*i18n*/ {
        id: 'message.INTRUSION_REPORTED.sentence',
        message: 'You said that it was not you. Every session, access token and push device has ended.',
      },
    )
    return {
      title: say(
        telling,
        /*i18n*/ { id: 'message.INTRUSION_REPORTED.title', message: 'Everything is locked' },
      ),
      sentences: [
        sentence,
        say(
          telling,
          /*i18n*/ {
            id: 'message.INTRUSION_REPORTED.meaning',
            message:
              'Set a new password to sign in again. Your security settings then help you to look through what was changed.',
          },
        ),
      ],
      short: sentence,
      facts: deedFacts(telling, values),
      action: { label: say(telling, setNewPassword), path: pages.forgotPassword },
      why: sayWhySecurity(telling),
    }
  },

  USER_DISABLED: ({ values }, telling) => {
    const sentence = say(
      telling,
      /*i18n*/ {
        id: 'message.USER_DISABLED.sentence',
        message:
          'An administrator disabled your user. Nobody can sign in as you, and access tokens have ended.',
      },
    )
    return {
      title: say(telling, /*i18n*/ { id: 'message.USER_DISABLED.title', message: 'Your user is disabled' }),
      sentences: [
        sentence,
        say(
          telling,
          /*i18n*/ {
            id: 'message.USER_DISABLED.meaning',
            message: 'If you still need it, ask an administrator.',
          },
        ),
      ],
      short: sentence,
      facts: [whenFact(telling, values.at)],
      action: {
        label: say(telling, /*i18n*/ { id: 'message.USER_DISABLED.action', message: 'Open Lanyard' }),
        path: pages.signIn,
      },
      why: sayWhySecurity(telling),
    }
  },
}
