import { removedEmailDays } from '@lanyard/contract/limits'
import type { MessageDescriptor } from '@lingui/core'

import { type MessageKind, messageTraits, type MessageValues } from '../message.ts'
import { deed } from './deed.ts'
import { name, openContacts, pages, sayWhySecurity, type Telling, type Wordings } from './wording.ts'
import { say } from './words.ts'

/** What proves an address, tries it, and tells of changes to where messages go. */
export const contactWordings: Wordings<
  | 'EMAIL_CODE'
  | 'PHONE_CODE'
  | 'TEST'
  | 'EMAIL_ADDED'
  | 'EMAIL_REMOVED'
  | 'EMAIL_FORGOTTEN'
  | 'EMAIL_PRIMARY_SET'
  | 'ADDRESS_BLOCKED'
  | 'PHONE_ADDED'
  | 'PHONE_REMOVED'
  | 'DEVICE_REGISTERED'
  | 'SLACK_LINKED'
> = {
  EMAIL_CODE: ({ values, secrets: { code } }, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.EMAIL_CODE.title', message: 'Confirm your email' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.EMAIL_CODE.purpose',
          message: 'This code confirms that {address} is yours.',
        },
        { address: name(telling, values.address) },
      ),
      sayValidity(telling, 'EMAIL_CODE'),
    ],
    code,
    short: sayCode(telling, code, 'EMAIL_CODE'),
    action: {
      label: say(telling, /*i18n*/ { id: 'message.EMAIL_CODE.action', message: 'Confirm this email' }),
      path: pages.confirmEmail(values.emailId, code),
    },
    why: say(
      telling,
      /*i18n*/ {
        id: 'message.EMAIL_CODE.why',
        message:
          'Somebody entered this email in their settings on {host}. If that was not you, do nothing: nothing more is sent here until it is confirmed.',
      },
      { host: telling.publicUrl.host },
    ),
    topic: values.emailId,
    urgency: 'HIGH',
  }),

  PHONE_CODE: ({ secrets: { code } }, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.PHONE_CODE.title', message: 'Confirm your phone' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.PHONE_CODE.purpose',
          message: 'This code confirms that this phone is yours.',
        },
      ),
      sayValidity(telling, 'PHONE_CODE'),
    ],
    code,
    short: sayCode(telling, code, 'PHONE_CODE'),
    action: { label: say(telling, openContacts), path: pages.contacts },
    why: say(
      telling,
      /*i18n*/ {
        id: 'message.PHONE_CODE.why',
        message:
          'Somebody entered this phone in their settings on {host}. If that was not you, do nothing: nothing more is sent here until it is confirmed.',
      },
      { host: telling.publicUrl.host },
    ),
    urgency: 'HIGH',
  }),

  TEST: (_message, telling) => ({
    title: say(telling, /*i18n*/ { id: 'message.TEST.title', message: 'Test message' }),
    sentences: [
      say(
        telling,
        /*i18n*/ {
          id: 'message.TEST.sentence',
          message: 'This is the test that you asked for. Messages reach you here.',
        },
      ),
    ],
    action: { label: say(telling, openContacts), path: pages.contacts },
    why: say(
      telling,
      /*i18n*/ {
        id: 'message.TEST.why',
        message: 'You get this because a test was asked for in your settings on {host}.',
      },
      { host: telling.publicUrl.host },
    ),
    urgency: 'HIGH',
  }),

  EMAIL_ADDED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.EMAIL_ADDED.title', message: 'Email added' },
      sentence: /*i18n*/ {
        id: 'message.EMAIL_ADDED.sentence',
        message: 'The email {address} was added to your profile.',
      },
      names: { address: name(telling, values.address) },
    }),

  EMAIL_REMOVED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.EMAIL_REMOVED.title', message: 'Email removed' },
      sentence: /*i18n*/ {
        id: 'message.EMAIL_REMOVED.sentence',
        message: 'The email {address} was removed from your profile. Nothing more is sent to it.',
      },
      names: { address: name(telling, values.address) },
      meaning: [
        say(
          telling,
          /*i18n*/ {
            id: 'message.EMAIL_REMOVED.meaning',
            message:
              '{days, plural, one {For # day it can still be used to take your user back, if it was proven.} other {For # days it can still be used to take your user back, if it was proven.}}',
          },
          { days: removedEmailDays },
        ),
      ],
    }),

  EMAIL_FORGOTTEN: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.EMAIL_FORGOTTEN.title', message: 'Removed email forgotten' },
      sentence: /*i18n*/ {
        id: 'message.EMAIL_FORGOTTEN.sentence',
        message: 'The removed email {address} can no longer be used to take your user back.',
      },
      names: { address: name(telling, values.address) },
    }),

  EMAIL_PRIMARY_SET: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.EMAIL_PRIMARY_SET.title', message: 'Primary email changed' },
      sentence: /*i18n*/ {
        id: 'message.EMAIL_PRIMARY_SET.sentence',
        message: 'Your primary email is now {after}. Before, it was {before}.',
      },
      names: { before: name(telling, values.before), after: name(telling, values.after) },
    }),

  ADDRESS_BLOCKED: ({ values }, telling) => ({
    title: say(
      telling,
      /*i18n*/ { id: 'message.ADDRESS_BLOCKED.title', message: 'One of your addresses is blocked' },
    ),
    sentences: [
      say(telling, blocked[values.reason], { address: name(telling, values.address) }),
      say(
        telling,
        /*i18n*/ {
          id: 'message.ADDRESS_BLOCKED.meaning',
          message: 'Nothing more is sent there. Your contacts say how to change that.',
        },
      ),
    ],
    action: { label: say(telling, openContacts), path: pages.contacts },
    why: sayWhySecurity(telling),
  }),

  PHONE_ADDED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PHONE_ADDED.title', message: 'Phone added' },
      sentence: /*i18n*/ {
        id: 'message.PHONE_ADDED.sentence',
        message: 'The phone {number} was added to your profile.',
      },
      names: { number: name(telling, values.number) },
    }),

  PHONE_REMOVED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.PHONE_REMOVED.title', message: 'Phone removed' },
      sentence: /*i18n*/ {
        id: 'message.PHONE_REMOVED.sentence',
        message: 'The phone {number} was removed from your profile. Nothing more is sent to it.',
      },
      names: { number: name(telling, values.number) },
    }),

  DEVICE_REGISTERED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.DEVICE_REGISTERED.title', message: 'Device registered' },
      sentence: /*i18n*/ {
        id: 'message.DEVICE_REGISTERED.sentence',
        message: 'Push messages for you now also go to “{device}”.',
      },
      names: { device: name(telling, values.name) },
    }),

  SLACK_LINKED: ({ values }, telling) =>
    deed(telling, values, {
      title: /*i18n*/ { id: 'message.SLACK_LINKED.title', message: 'Slack linked' },
      sentence: /*i18n*/ {
        id: 'message.SLACK_LINKED.sentence',
        message: 'Messages for you now also go to “{handle}” in the Slack workspace “{workspace}”.',
      },
      names: { handle: name(telling, values.handle), workspace: name(telling, values.workspace) },
    }),
}

const blocked: Record<MessageValues['ADDRESS_BLOCKED']['reason'], MessageDescriptor> = {
  BOUNCE: /*i18n*/ { id: 'message.ADDRESS_BLOCKED.BOUNCE', message: 'Mail to {address} came back.' },
  COMPLAINT: /*i18n*/ {
    id: 'message.ADDRESS_BLOCKED.COMPLAINT',
    message: 'A message to {address} was reported as unwanted.',
  },
  UNDELIVERABLE: /*i18n*/ {
    id: 'message.ADDRESS_BLOCKED.UNDELIVERABLE',
    message: 'Messages to {address} could not be delivered.',
  },
  OPTED_OUT: /*i18n*/ {
    id: 'message.ADDRESS_BLOCKED.OPTED_OUT',
    message: 'Whoever reads {address} asked for no more messages.',
  },
}

function sayValidity(telling: Telling, kind: MessageKind): string {
  return say(
    telling,
    /*i18n*/ {
      id: 'message.code.validity',
      message: '{minutes, plural, one {It is valid for # minute.} other {It is valid for # minutes.}}',
    },
    { minutes: minutesOf(kind) },
  )
}

function sayCode(telling: Telling, code: string, kind: MessageKind): string {
  const sentence = say(
    telling,
    /*i18n*/ { id: 'message.code.short', message: '{code} is your Lanyard code.' },
    { code },
  )
  return `${sentence} ${sayValidity(telling, kind)}`
}

function minutesOf(kind: MessageKind): number {
  return Math.round(messageTraits[kind].lifeSeconds / 60)
}
