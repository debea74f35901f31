import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { StatusText, type StatusTone } from '../../ui/StatusText.tsx'
import { type AddressState, type Provable, addressState } from './address-state.ts'

const words: Record<AddressState, { tone: StatusTone; word: MessageDescriptor }> = {
  VERIFIED: { tone: 'ok', word: msg`Verified` },
  UNVERIFIED: { tone: 'warn', word: msg`Not verified` },
  BLOCKED: { tone: 'danger', word: msg`Blocked` },
  OPTED_OUT: { tone: 'warn', word: msg`Opted out` },
}

/** Whether anything is sent to an address: a word with its icon. */
export function AddressStateText({ address }: { address: Provable }) {
  const { i18n } = useLingui()
  const { tone, word } = words[addressState(address)]
  return <StatusText tone={tone}>{i18n._(word)}</StatusText>
}
