import { bindingOfPushDevice } from './contacts/push-device.service.ts'
import { bindingOfSlackLink } from './contacts/slack-link.service.ts'
import { bindingOfDelivery } from './delivery/delivery-desk.ts'
import { bindingOfClientSecret } from './security/sso/sso-connection.entity.ts'
import { bindingOfDetails } from './security/sso/sso-request.ts'
import { bindingOfFactor } from './security/totp-factor.ts'
import { bindingOfServerKey } from './server-key.ts'

/** Where sealed values are kept, so that they can be sealed anew when the key changes. */
export interface SealedColumn {
  table: string
  /** Its primary key. */
  key: readonly [string, ...string[]]
  /** Of each column of the key. */
  keyType: 'uuid' | 'text' | 'bytea'
  column: string
  /** What the value of a row is bound to, by the texts of its key. */
  bindingOf(...key: string[]): string
}

const ofPerson = { key: ['user_id', 'id'], keyType: 'uuid' } as const

/** All of them: rekey.test.ts finds what is missing. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'server_key', key: ['name'], keyType: 'text', column: 'sealed', bindingOf: bindingOfServerKey },
  { table: 'slack_link', ...ofPerson, column: 'token', bindingOf: (_, id) => bindingOfSlackLink(id) },
  {
    table: 'push_device',
    ...ofPerson,
    column: 'subscription',
    bindingOf: (_, id) => bindingOfPushDevice(id),
  },
  ...(['totp_factor', 'totp_setup'] as const).flatMap((table) =>
    (['secret', 'recovery_key'] as const).map((column): SealedColumn => ({
      table,
      key: ['user_id'],
      keyType: 'uuid',
      column,
      bindingOf: (userId) => bindingOfFactor(table, userId, column),
    })),
  ),
  {
    table: 'sso_connection',
    key: ['account_id', 'id'],
    keyType: 'uuid',
    column: 'client_secret',
    bindingOf: (_, id) => bindingOfClientSecret(id),
  },
  {
    table: 'sso_request',
    key: ['hash'],
    keyType: 'bytea',
    column: 'details',
    // PostgreSQL writes bytes as \x and their digits.
    bindingOf: (hash) => bindingOfDetails(Buffer.from(hash.slice(2), 'hex')),
  },
  { table: 'delivery', ...ofPerson, column: 'secrets', bindingOf: (_, id) => bindingOfDelivery(id) },
]
