import { deed, sayOthersEnded } from './deed.ts'
import { name, toSecurity, type Wordings } from './wording.ts'

/** What tells of passkeys that come and go. */
export const passkeyWordings: Wordings<'PASSKEY_ADDED' | 'PASSKEY_REMOVED'> = {
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
}
