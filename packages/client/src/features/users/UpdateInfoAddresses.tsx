import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { Select, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { TextButton } from '../../ui/TextButton.tsx'
import { type AddressEdits } from './address-edits.ts'
import classes from './UpdateInfoAddresses.module.css'

/** An email or a phone as the form shows it. */
export interface EditableAddress {
  id: string
  /** As the person reads it. */
  name: string
  primary: boolean
  /** Proven and not blocked: only such a one can be the primary. */
  usable: boolean
  namedInRules: readonly { id: string; name: string }[]
}

interface UpdateInfoAddressesProps {
  primaryLabel: string
  addLabel: string
  addHelp: ReactNode
  inputType: 'email' | 'tel'
  addresses: readonly EditableAddress[]
  edits: AddressEdits
  onEdit: (edits: AddressEdits) => void
  /** Why what was typed was not added. */
  error: string | undefined
}

/** Emails, or phones, of the form: which is the primary, which go, and a new one. Nothing is done before Save. */
export function UpdateInfoAddresses(props: UpdateInfoAddressesProps) {
  const { primaryLabel, addLabel, addHelp, inputType, addresses, edits, onEdit, error } = props
  const present = addresses.find(({ primary }) => primary)?.id
  const primaryId = edits.primaryId ?? present
  const eligible = addresses.filter(
    ({ id, usable, primary }) => (usable || primary) && !edits.removed.has(id),
  )

  const setRemoved = (id: string, removed: boolean) => {
    const others = [...edits.removed].filter((other) => other !== id)
    onEdit({ ...edits, removed: new Set(removed ? [...others, id] : others) })
  }

  return (
    <div className={classes.addresses}>
      {eligible.length > 0 && (
        <Select
          label={primaryLabel}
          allowDeselect={false}
          data={eligible.map(({ id, name }) => ({ value: id, label: name }))}
          value={primaryId ?? null}
          onChange={(id) => onEdit({ ...edits, primaryId: id ?? primaryId })}
        />
      )}
      <ul className={classes.others}>
        {addresses
          .filter(({ id }) => id !== primaryId)
          .map((address) => (
            <Other
              key={address.id}
              address={address}
              removed={edits.removed.has(address.id)}
              onRemove={(removed) => setRemoved(address.id, removed)}
            />
          ))}
      </ul>
      <TextInput
        label={addLabel}
        description={addHelp}
        type={inputType}
        autoComplete={inputType}
        value={edits.added}
        error={error}
        onChange={(event) => onEdit({ ...edits, added: event.currentTarget.value })}
      />
    </div>
  )
}

interface OtherProps {
  address: EditableAddress
  removed: boolean
  onRemove: (removed: boolean) => void
}

/** One that is not the primary. What would be lost with it is shown before anything is saved. */
function Other({ address: { name, usable, namedInRules }, removed, onRemove }: OtherProps) {
  const { t } = useLingui()
  const ruleCount = namedInRules.length
  return (
    <li>
      <span className={classes.name}>{removed ? <del>{name}</del> : name}</span>{' '}
      <TextButton onClick={() => onRemove(!removed)}>
        {removed ? <Trans>Keep</Trans> : <Trans>Remove</Trans>}{' '}
        <span className="ly-visually-hidden">{name}</span>
      </TextButton>
      <span className={classes.meta}>
        {removed ? (
          <Trans>Goes when you save.</Trans>
        ) : (
          !usable && <Trans>Cannot be the primary before it is proven.</Trans>
        )}
        {removed && ruleCount > 0 && (
          <>
            {' '}
            {t`${plural(ruleCount, { one: 'One rule names it:', other: '# rules name it:' })}`}{' '}
            {namedInRules.map((rule) => rule.name).join(', ')}.
          </>
        )}
      </span>
    </li>
  )
}
