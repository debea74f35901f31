import type { MessageDescriptor } from '@lingui/core'

import { translate } from '../translations.ts'
import { Language } from '../language.ts'
import type { BuiltInRole } from './built-in-roles.ts'

const names: Record<BuiltInRole, MessageDescriptor> = {
  owner: /*i18n*/ { id: 'role.owner', message: 'Owner' },
  admin: /*i18n*/ { id: 'role.admin', message: 'Administrator' },
  billing: /*i18n*/ { id: 'role.billing', message: 'Billing' },
  broadcaster: /*i18n*/ { id: 'role.broadcaster', message: 'Broadcaster' },
  dispatcher: /*i18n*/ { id: 'role.dispatcher', message: 'Dispatcher' },
  technician: /*i18n*/ { id: 'role.technician', message: 'Technician' },
  member: /*i18n*/ { id: 'role.member', message: 'Member' },
}

/** The names of the built-in roles by language and key, as JSON for the statement that reads them. */
export const builtInRoleNames: string = JSON.stringify(
  Object.fromEntries(Object.values(Language).map((language) => [language, namesIn(language)])),
)

function namesIn(language: Language): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, translate(language, name)]))
}
