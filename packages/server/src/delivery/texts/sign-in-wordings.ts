import type { MessageDescriptor } from '@lingui/core'

import type { MessageValues } from '../message.ts'
import { deed, deedFacts } from './deed.ts'
import { name, sayWhySecurity, toSecurity, type Wordings } from './wording.ts'
import { say } from './words.ts'

/** What tells of sign-ins, with an organisation’s or without. */
export const signInWordings: Wordings<'SIGNED_IN' | 'SSO_BYPASSED' | 'SSO_LINKED' | 'SSO_STRANGER'> = {
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

  SSO_BYPASSED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SSO_BYPASSED.title', message: 'Single sign-on was bypassed' },
      sentence: /*i18n*/ {
        id: 'message.SSO_BYPASSED.sentence',
        message: 'Somebody who is signed in as you reaches “{account}” without its single sign-on.',
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
