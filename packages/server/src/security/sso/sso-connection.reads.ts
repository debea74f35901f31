import { sql } from 'kysely'

import { Account } from '../../accounts/account.entity.ts'
import { forMembers, withPermission } from '../../accounts/account.reads.ts'
import { contributeField } from '../../lib/contributed-field.ts'
import { column, columns, type FieldRead, listOf, type TypeReads } from '../../lib/read-model.ts'
import type { ReadRoot } from '../../lib/selection-reader.ts'
import type { Viewer } from '../../viewer.ts'
import { SsoConnection } from './sso-connection.entity.ts'
import { SsoCertificate } from './sso-connection.types.ts'
import { ssoUrls } from './sso-protocol.ts'

contributeField(Account, 'requireTwoFactor', () => Boolean)
contributeField(Account, 'signInName', () => String, {
  nullable: true,
  description: 'Members begin to sign in at /sso/<name>.',
})
contributeField(Account, 'ssoConnections', () => [SsoConnection], {
  description: 'By name. Needs account.manage there.',
})
contributeField(SsoConnection, 'active', () => Boolean, {
  description: 'Whether members must come through it. At most one of an account is.',
})
contributeField(SsoConnection, 'allowIdpInitiated', () => Boolean, {
  description: 'SAML: whether a browser may be sent here that did not begin here.',
})
contributeField(SsoConnection, 'issuer', () => String, {
  description: 'What the provider calls itself: the issuer of OIDC, the entity id of SAML.',
})
contributeField(SsoConnection, 'clientId', () => String, { nullable: true, description: 'OIDC.' })
contributeField(SsoConnection, 'metadataUrl', () => String, { nullable: true, description: 'SAML.' })
contributeField(SsoConnection, 'certificates', () => [SsoCertificate], { description: 'SAML.' })
contributeField(SsoConnection, 'testUrl', () => String, {
  description:
    'A path of this server. A browser goes there, and is told what came of it; then it counts as tested.',
})
contributeField(SsoConnection, 'redirectUri', () => String, {
  description:
    'What the provider has to know: the redirect URI of OIDC, the assertion consumer service of SAML.',
})
contributeField(SsoConnection, 'entityId', () => String, {
  nullable: true,
  description: 'SAML: what we call ourselves. Our metadata is there.',
})
contributeField(SsoConnection, 'logoutUrl', () => String, {
  nullable: true,
  description: 'SAML: our single logout service.',
})

function setting(name: string): FieldRead<Viewer> {
  return { expression: (row) => sql`${row.column('settings')} ->> ${sql.lit(name)}` }
}

/** @param publicUrl under which providers know this server */
export function ssoConnectionReads(publicUrl: URL): TypeReads<Viewer>[] {
  return [
    {
      type: 'Account',
      fields: {
        requireTwoFactor: forMembers(column('require_two_factor')),
        signInName: forMembers(column('sign_in_name')),
        ssoConnections: forMembers(
          withPermission(
            'account.manage',
            listOf((account) => ({
              type: 'SsoConnection',
              from: (row) => sql`from sso_connection as ${sql.id(row.alias)}
                where ${row.column('account_id')} = ${account.column('id')}
                order by ${row.column('name')}, ${row.column('id')}`,
            })),
          ),
        ),
      },
    },
    {
      type: 'SsoConnection',
      fields: {
        ...columns('id', 'name', 'protocol', 'createJustInTime', 'testedAt'),
        active: {
          expression: (row) => sql`exists (select 1 from account a
            where a.id = ${row.column('account_id')} and a.sso_connection_id = ${row.column('id')})`,
        },
        allowIdpInitiated: {
          expression: (row) =>
            sql`coalesce((${row.column('settings')} ->> 'allowIdpInitiated')::boolean, false)`,
        },
        issuer: setting('issuer'),
        clientId: setting('clientId'),
        metadataUrl: setting('metadataUrl'),
        certificates: listOf((connection) => ({
          type: 'SsoCertificate',
          from: (row) => sql`from
            jsonb_to_recordset(coalesce(${connection.column('settings')} -> 'certificates', '[]'::jsonb))
            as ${sql.id(row.alias)} (subject text, "expiresAt" timestamptz, fingerprint text)`,
        })),
        testUrl: {
          expression: (row) => sql`'/sso/start/' || ${row.column('id')} || '?purpose=TEST'`,
        },
        redirectUri: urlOf(publicUrl, { OIDC: 'oidcCallback', SAML: 'samlAcs' }),
        entityId: urlOf(publicUrl, { SAML: 'samlMetadata' }),
        logoutUrl: urlOf(publicUrl, { SAML: 'samlLogout' }),
      },
    },
    {
      type: 'SsoCertificate',
      fields: { ...columns('subject', 'fingerprint'), expiresAt: column('expiresAt') },
    },
  ]
}

type UrlName = keyof ReturnType<typeof ssoUrls>

/** One of `ssoUrls` by the protocol, with the connection's id in its place. */
function urlOf(publicUrl: URL, names: { OIDC?: UrlName; SAML: UrlName }): FieldRead<Viewer> {
  const place = 'connection'
  const urls = ssoUrls(publicUrl, place)
  const expressionOf = (name: UrlName | undefined) => (name ? sql.lit(urls[name]) : sql`null::text`)
  return {
    expression: (row) => sql`replace(
      case ${row.column('protocol')} when 'OIDC' then ${expressionOf(names.OIDC)} else ${expressionOf(names.SAML)} end,
      ${sql.lit(`/${place}/`)}, '/' || ${row.column('id')} || '/')`,
  }
}

/** A connection of an account; whoever asks has been found to manage it. */
export const managedConnection: ReadRoot<Viewer> = {
  name: 'ssoConnection',
  type: 'SsoConnection',
  own: false,
  from: (row, builder) => sql`from sso_connection as ${sql.id(row.alias)}
    where ${row.column('account_id')} = ${builder.value(({ root }) => root['accountId'])}
      and ${row.column('id')} = ${builder.value(({ root }) => root['id'])}`,
}
