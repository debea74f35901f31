import type { Message, MessageKind, MessageValues } from '../src/delivery/message.ts'
import type { Scene } from '../src/delivery/texts/scene.ts'
import type { Language } from '../src/language.ts'

const deed = { at: '2026-11-23T08:12:00Z', from: '192.0.2.7', device: 'Firefox on Linux' }

type MessageOf<Kind extends MessageKind> = Extract<Message, { kind: Kind }>

/** One message of every kind; a kind without a sample is a type error. */
export const messageSamples: { [Kind in MessageKind]: MessageOf<Kind> } = {
  EMAIL_CODE: {
    kind: 'EMAIL_CODE',
    values: { emailId: '01938000-0000-7000-8000-00000000000e', address: 'mara@example.com' },
    secrets: { code: '482913' },
  },
  PHONE_CODE: { kind: 'PHONE_CODE', values: {}, secrets: { code: '482913' } },
  TEST: { kind: 'TEST', values: {} },
  EMAIL_ADDED: { kind: 'EMAIL_ADDED', values: { ...deed, address: 'mara@example.com' } },
  EMAIL_REMOVED: { kind: 'EMAIL_REMOVED', values: { ...deed, address: 'mara@example.com' } },
  EMAIL_FORGOTTEN: { kind: 'EMAIL_FORGOTTEN', values: { ...deed, address: 'mara@example.com' } },
  EMAIL_PRIMARY_SET: {
    kind: 'EMAIL_PRIMARY_SET',
    values: { ...deed, before: 'mara@example.com', after: 'lindqvist@example.com' },
  },
  ADDRESS_BLOCKED: { kind: 'ADDRESS_BLOCKED', values: { address: 'mara@example.com', reason: 'BOUNCE' } },
  PHONE_ADDED: { kind: 'PHONE_ADDED', values: { ...deed, number: '+12025550142' } },
  PHONE_REMOVED: { kind: 'PHONE_REMOVED', values: { ...deed, number: '+12025550142' } },
  DEVICE_REGISTERED: { kind: 'DEVICE_REGISTERED', values: { ...deed, name: 'Workshop tablet' } },
  SLACK_LINKED: { kind: 'SLACK_LINKED', values: { ...deed, handle: '@mara', workspace: 'Harbour' } },
  TOKEN_CREATED: {
    kind: 'TOKEN_CREATED',
    values: { ...deed, tokenName: 'Night export', accountName: 'Harbour Networks' },
  },
  TOKEN_ROTATED: {
    kind: 'TOKEN_ROTATED',
    values: {
      ...deed,
      tokenName: 'Night export',
      accountName: 'Harbour Networks',
      oldWorksUntil: '2026-11-24T08:12:00Z',
    },
  },
  TOKEN_REVOKED: {
    kind: 'TOKEN_REVOKED',
    values: {
      at: deed.at,
      tokenName: 'Night export',
      accountName: 'Harbour Networks',
      actorName: 'Mara Lindqvist',
    },
  },
  TOKEN_LEAKED: {
    kind: 'TOKEN_LEAKED',
    values: { ...deed, tokenName: 'Night export', accountName: 'Harbour Networks' },
  },
  SIGNED_IN: { kind: 'SIGNED_IN', values: { ...deed, way: 'PASSWORD' } },
  PASSWORD_RESET: { kind: 'PASSWORD_RESET', values: { minutes: 30 }, secrets: { token: 'x'.repeat(43) } },
  PASSWORD_CHANGED: { kind: 'PASSWORD_CHANGED', values: deed },
  TWO_FACTOR_ENABLED: { kind: 'TWO_FACTOR_ENABLED', values: deed },
  TWO_FACTOR_DISABLED: { kind: 'TWO_FACTOR_DISABLED', values: deed },
  TWO_FACTOR_RESET: { kind: 'TWO_FACTOR_RESET', values: deed },
  RECOVERY_CODES_REGENERATED: { kind: 'RECOVERY_CODES_REGENERATED', values: deed },
  RECOVERY_CODE_USED: { kind: 'RECOVERY_CODE_USED', values: { ...deed, left: 3 } },
  PASSKEY_ADDED: { kind: 'PASSKEY_ADDED', values: { ...deed, name: 'Blue security key' } },
  PASSKEY_REMOVED: { kind: 'PASSKEY_REMOVED', values: { ...deed, name: 'Blue security key' } },
  SSO_BYPASSED: { kind: 'SSO_BYPASSED', values: { ...deed, accountName: 'Harbour Networks' } },
  SSO_LINKED: { kind: 'SSO_LINKED', values: { ...deed, accountName: 'Harbour Networks' } },
  SSO_STRANGER: { kind: 'SSO_STRANGER', values: { ...deed, accountName: 'Harbour Networks' } },
  INTRUSION_REPORTED: { kind: 'INTRUSION_REPORTED', values: deed },
  USER_DISABLED: { kind: 'USER_DISABLED', values: deed },
  EVENT: eventSample({}),
}

export function eventSample(values: Partial<MessageValues['EVENT']>): MessageOf<'EVENT'> {
  return {
    kind: 'EVENT',
    values: {
      accountName: 'Harbour Networks',
      accountUserId: '01938000-0000-7000-8000-00000000000a',
      eventType: 'TASK_DUE_SOON',
      kind: 'NOTIFICATION',
      title: 'Exchange the router at Mill Street',
      body: 'The key is at the reception.\nRing twice.',
      entity: { type: 'TASK', name: 'Task 12', url: 'https://host.example.com/tasks/12' },
      notificationId: '01938000-0000-7000-8000-00000000000b',
      at: deed.at,
      ...values,
    },
  }
}

export function sceneIn(language: Language, given: Partial<Scene> = {}): Scene {
  return {
    language,
    timeZone: 'Europe/Berlin',
    publicUrl: new URL('https://lanyard.example.com'),
    reference: 'a'.repeat(60),
    deliveryId: '01938000-0000-7000-8000-00000000000d',
    unsubscribeUrl: 'https://lanyard.example.com/unsubscribe/0123456789',
    notMeReference: 'n'.repeat(64),
    ...given,
  }
}
