import { type RawBuilder, sql } from 'kysely'

import { Email } from '../contacts/email.entity.ts'
import { Phone } from '../contacts/phone.entity.ts'
import { contributeField } from '../lib/contributed-field.ts'
import { columns, type FieldRead, listOf, type Row, type TypeReads } from '../lib/read-model.ts'
import { type Viewer, withinReach } from '../viewer.ts'
import { NamingRule } from './naming-rule.ts'

for (const address of [Email, Phone]) {
  contributeField(address, 'namedInRules', () => [NamingRule], {
    description: 'The attached notification rules whose text names it: what would be lost with it.',
  })
}

/** A row of `notification_rule` under the alias that `namedInRules` gives it. */
const text = sql.ref('rule.rules')

/** Not as a part of a longer address: neither ann@ in joann@ nor example.com in example.com.au. A quote before it is YAML's. */
function namesEmail(email: Row): RawBuilder<unknown> {
  const letters = sql`regexp_replace(${email.column('address')}, '[^[:alnum:]@]', '\\\\\\&', 'g')`
  return sql`position(${email.column('address_key')} in lower(${text})) > 0
    and ${text} ~* ('(?<![[:alnum:].!#$%&*+/=?^_\`{|}~-])' || ${letters} || '(?![[:alnum:]-]|\\.[[:alnum:]])')`
}

/** However it is spaced there. */
function namesPhone(phone: Row): RawBuilder<unknown> {
  return sql`regexp_replace(${text}, '[ .()-]', '', 'g') ~ ('\\' || ${phone.column('number')} || '(?![0-9])')`
}

function namedInRules(names: (address: Row) => RawBuilder<unknown>): FieldRead<Viewer> {
  return listOf((address, builder) => {
    const isReachable = withinReach(sql.ref('membership.account_id'), builder)
    return {
      type: 'NamingRule',
      from: (row) => sql`from (
          select rule.id, rule.name, account.name as account_name
          from account_user as membership
          join notification_rule as rule
            on rule.account_id = membership.account_id and rule.id = membership.notification_rule_id
          join account on account.id = membership.account_id
          where membership.user_id = ${address.column('user_id')} and ${names(address)}
            and ${isReachable}
        ) as ${sql.id(row.alias)} order by ${row.column('account_name')}, ${row.column('name')}, ${row.column('id')}`,
    }
  })
}

export const namingRuleReads: TypeReads<Viewer>[] = [
  { type: 'Email', fields: { namedInRules: namedInRules(namesEmail) } },
  { type: 'Phone', fields: { namedInRules: namedInRules(namesPhone) } },
  { type: 'NamingRule', fields: columns('id', 'name', 'accountName') },
]
