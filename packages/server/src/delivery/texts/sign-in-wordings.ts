import { deed } from './deed.ts'
import { name, openSecurity, pages, type Wordings } from './wording.ts'
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
      sentence: /*i18n*/ {
        id: 'message.SIGNED_IN.sentence',
        message: 'Somebody signed in as you on a device that was not known.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  PASSWORD_RESET: ({ secrets: { token } }, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.PASSWORD_RESET.title', message: 'Set a new password' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.PASSWORD_RESET.sentence',
          message:
            'Somebody asked for a new password for your user. The link works once, for half an hour.',
        },
      ),
    ],
    action: {
      label: say(telling, /*i18n*/ { id: 'message.PASSWORD_RESET.action', message: 'Set a new password' }),
      path: pages.resetPassword(token),
    },
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
  }),

  PASSWORD_CHANGED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSWORD_CHANGED.title', message: 'Password changed' },
      sentence: /*i18n*/ {
        id: 'message.PASSWORD_CHANGED.sentence',
        message: 'Your password was changed. Every session has ended.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  TWO_FACTOR_ENABLED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ {
        id: 'message.TWO_FACTOR_ENABLED.title',
        message: 'Two-factor authentication is on',
      },
      sentence: /*i18n*/ {
        id: 'message.TWO_FACTOR_ENABLED.sentence',
        message: 'Signing in now asks for a code from your app.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  TWO_FACTOR_DISABLED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ {
        id: 'message.TWO_FACTOR_DISABLED.title',
        message: 'Two-factor authentication is off',
      },
      sentence: /*i18n*/ {
        id: 'message.TWO_FACTOR_DISABLED.sentence',
        message: 'Signing in no longer asks for a code.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  TWO_FACTOR_RESET: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ {
        id: 'message.TWO_FACTOR_RESET.title',
        message: 'Two-factor authentication was reset',
      },
      sentence: /*i18n*/ {
        id: 'message.TWO_FACTOR_RESET.sentence',
        message: 'An administrator switched your two-factor authentication off.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  RECOVERY_CODES_REGENERATED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.RECOVERY_CODES_REGENERATED.title', message: 'New recovery codes' },
      sentence: /*i18n*/ {
        id: 'message.RECOVERY_CODES_REGENERATED.sentence',
        message: 'You have new recovery codes. The old ones no longer work.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  RECOVERY_CODE_USED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.RECOVERY_CODE_USED.title', message: 'Recovery code used' },
      sentence: /*i18n*/ {
        id: 'message.RECOVERY_CODE_USED.sentence',
        message:
          'A recovery code was used to sign in as you. {left, plural, one {# is} other {# are}} left.',
      },
      names: { left: String(values.left) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  PASSKEY_ADDED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSKEY_ADDED.title', message: 'Passkey added' },
      sentence: /*i18n*/ {
        id: 'message.PASSKEY_ADDED.sentence',
        message: 'The passkey “{passkey}” can now sign in as you.',
      },
      names: { passkey: name(telling, values.name) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  PASSKEY_REMOVED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PASSKEY_REMOVED.title', message: 'Passkey removed' },
      sentence: /*i18n*/ {
        id: 'message.PASSKEY_REMOVED.sentence',
        message: 'The passkey “{passkey}” can no longer sign in as you.',
      },
      names: { passkey: name(telling, values.name) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  SSO_BYPASSED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_BYPASSED.title', message: 'Single sign-on was bypassed' },
      sentence: /*i18n*/ {
        id: 'message.SSO_BYPASSED.sentence',
        message: 'You reached “{account}” without its single sign-on, as its administrators may.',
      },
      names: { account: name(telling, values.accountName) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  SSO_LINKED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_LINKED.title', message: 'Single sign-on linked' },
      sentence: /*i18n*/ {
        id: 'message.SSO_LINKED.sentence',
        message: 'The single sign-on of “{account}” can now sign in as you.',
      },
      names: { account: name(telling, values.accountName) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  SSO_STRANGER: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_STRANGER.title', message: 'Sign-in refused' },
      sentence: /*i18n*/ {
        id: 'message.SSO_STRANGER.sentence',
        message:
          'The single sign-on of “{account}” named your email. You do not belong to that account, so it was refused.',
      },
      names: { account: name(telling, values.accountName) },
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  INTRUSION_REPORTED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.INTRUSION_REPORTED.title', message: 'Everything is locked' },
      sentence: /*i18n*/ {
        id: 'message.INTRUSION_REPORTED.sentence',
        message:
          'You said that it was not you: every session, token and device has ended. Set a new password to sign in again.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),

  USER_DISABLED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.USER_DISABLED.title', message: 'Your user is disabled' },
      sentence: /*i18n*/ {
        id: 'message.USER_DISABLED.sentence',
        message: 'An administrator disabled your user. Nobody can sign in as you.',
      },
      names: {},
      action: { label: say(telling, openSecurity), path: pages.security },
    }),
}
