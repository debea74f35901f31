import type { MessageDescriptor } from '@lingui/core'

import type { MessageValues } from '../message.ts'
import { deed, deedFacts, denial } from './deed.ts'
import type { Notice } from './notice.ts'
import { name, pages, sayWhySecurity, type Telling, whenFact, type Wordings } from './wording.ts'
import { say } from './words.ts'

/** What tells of sign-ins, and of changes to how a person signs in. */
export const signInWordings: Wordings<
  | 'SIGNED_IN'
  | 'PASSWORD_RESET'
  | 'PASSWORD_CHANGED'
  | 'TWO_FACTOR_ENABLED'
  | 'TWO_FACTOR_DISABLED'
  | 'TWO_FACTOR_RESET'
  | 'RECOVERY_CODES_REGENERATED'
  | 'RECOVERY_CODE_USED'
  | 'PASSKEY_ADDED'
  | 'PASSKEY_REMOVED'
  | 'SSO_BYPASSED'
  | 'SSO_LINKED'
  | 'SSO_STRANGER'
  | 'INTRUSION_REPORTED'
  | 'USER_DISABLED'
> = {
  SIGNED_IN: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SIGNED_IN.title', message: 'New sign-in' },
      sentence: signedInBy[values.way],
      meaning: [
        say(
          telling,
          /*i18n*/ { id: 'message.SIGNED_IN.known', message: 'If it was you, there is nothing to do.' },
        ),
      ],
      action: toSecurity(telling),
    }),

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

  PASSKEY_ADDED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSKEY_ADDED.title', message: 'Passkey added' },
      sentence: /*i18n*/ {
        id: 'message.PASSKEY_ADDED.sentence',
        message: 'The passkey “{passkey}” was added. Whoever holds it signs in as you, without a password.',
      },
      names: { passkey: name(telling, values.name) },
      action: toSecurity(telling),
    }),

  PASSKEY_REMOVED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSKEY_REMOVED.title', message: 'Passkey removed' },
      sentence: /*i18n*/ {
        id: 'message.PASSKEY_REMOVED.sentence',
        message: 'The passkey “{passkey}” was removed. It no longer signs you in.',
      },
      names: { passkey: name(telling, values.name) },
      meaning: [sayOthersEnded(telling)],
      action: toSecurity(telling),
    }),

  SSO_BYPASSED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_BYPASSED.title', message: 'Single sign-on was bypassed' },
      sentence: /*i18n*/ {
        id: 'message.SSO_BYPASSED.sentence',
        message: 'Somebody signed in as you and reached “{account}” without its single sign-on.',
      },
      names: { account: name(telling, values.accountName) },
      meaning: [
        say(
          telling,
          /*i18n*/ {
            id: 'message.SSO_BYPASSED.meaning',
            message: 'Its administrators may do so, and you are one. It stands in your activity.',
          },
        ),
      ],
      action: toSecurity(telling),
    }),

  SSO_LINKED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_LINKED.title', message: 'Single sign-on linked' },
      sentence: /*i18n*/ {
        id: 'message.SSO_LINKED.sentence',
        message: 'The single sign-on of “{account}” was linked to your user. It signs you in from now on.',
      },
      names: { account: name(telling, values.accountName) },
      action: toSecurity(telling),
    }),

  SSO_STRANGER: ({ values }, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.SSO_STRANGER.title', message: 'Sign-in refused' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.SSO_STRANGER.sentence',
          message:
            'The single sign-on of “{account}” named your email. You do not belong to that account, so nobody was let in.',
        },
        { account: name(telling, values.accountName) },
      ),
    ],
    facts: deedFacts(telling, values),
    advice: say(
      telling,
      /*i18n*/ {
        id: 'message.SSO_STRANGER.advice',
        message:
          'Nothing of yours has changed. If you did not try this yourself, tell the administrator of your account.',
      },
    ),
    action: toSecurity(telling),
    why: sayWhySecurity(telling),
  }),

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

const signedInBy: Record<MessageValues['SIGNED_IN']['way'], MessageDescriptor> = {
  PASSWORD: /*i18n*/ {
    id: 'message.SIGNED_IN.PASSWORD',
    message: 'Somebody signed in as you with your password, in a browser that was not known.',
  },
  PASSKEY: /*i18n*/ {
    id: 'message.SIGNED_IN.PASSKEY',
    message: 'Somebody signed in as you with a passkey, in a browser that was not known.',
  },
  SSO: /*i18n*/ {
    id: 'message.SIGNED_IN.SSO',
    message: 'Somebody signed in as you through your organisation, in a browser that was not known.',
  },
}

const setNewPassword = /*i18n*/ { id: 'message.action.new-password', message: 'Set a new password' }

function toSecurity(telling: Telling): Notice['action'] {
  return {
    label: say(telling, /*i18n*/ { id: 'message.action.security', message: 'Open your security settings' }),
    path: pages.security,
  }
}

function sayOthersEnded(telling: Telling): string {
  return say(
    telling,
    /*i18n*/ { id: 'message.deed.others-ended', message: 'Your other sessions have ended.' },
  )
}
