import { Trans } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Pill } from '../../ui/Pill.tsx'
import { type Provable } from './address-state.ts'
import { AddressStateText } from './AddressStateText.tsx'
import { ContactRow } from './ContactRow.tsx'

interface AddressRowProps {
  icon: ReactNode
  /** As the person reads it. */
  name: string
  address: Provable & { primary: boolean }
  /** What is known of it, in a line. */
  meta: ReactNode
  /** What is most often done with it. */
  action?: ReactNode
  menu: ReactNode
  takesFocus: boolean
  children?: ReactNode
}

/** One email or phone of the list. */
export function AddressRow({ address, ...row }: AddressRowProps) {
  return (
    <ContactRow
      {...row}
      marks={
        <>
          {address.primary && (
            <Pill>
              <Trans>Primary</Trans>
            </Pill>
          )}
          <AddressStateText address={address} />
        </>
      }
    />
  )
}
