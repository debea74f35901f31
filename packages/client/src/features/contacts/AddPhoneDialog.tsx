import { useMutation } from '@apollo/client/react'
import { useLingui } from '@lingui/react/macro'
import { Input, SegmentedControl, Select, TextInput } from '@mantine/core'
import { type ChangeEvent, useEffect, useId, useMemo, useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import { AddPhoneDocument } from '../../graphql/generated.ts'
import { useAnnounce } from '../../ui/Announcer.tsx'
import { FormDialog } from '../../ui/FormDialog.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { type PhoneChannel, isPhoneChannel, phoneChannelNames } from './phone-channels.ts'
import type * as phoneTyping from './phone-typing.ts'
import classes from './AddPhoneDialog.module.css'

type PhoneTyping = typeof phoneTyping

/** More than a few screens of countries help nobody; typing narrows them down. */
const shownCountries = 60

interface AddPhoneDialogProps {
  /** Those that can carry the code; there is at least one. */
  channels: readonly PhoneChannel[]
  /** ISO 3166-1 alpha-2, of a phone that is there already. */
  usualCountry: string | undefined
  onAdded: (phoneId: string) => void
  onClose: () => void
}

/** A new phone, to which a code goes at once. Drawn while it is open only. */
export function AddPhoneDialog({ channels, usualCountry, onAdded, onClose }: AddPhoneDialogProps) {
  const { t, i18n } = useLingui()
  const { locale } = useTimeFormat()
  const announce = useAnnounce()
  const refusalOf = useRefusalOf()
  const channelLabelId = useId()
  const typing = usePhoneTyping()
  const [addPhone, { loading }] = useMutation(AddPhoneDocument)
  const [country, setCountry] = useState(usualCountry ?? countryOfBrowser())
  const [typed, setTyped] = useState('')
  const [channel, setChannel] = useState<PhoneChannel>(channels[0] ?? 'SMS')
  const [refusal, setRefusal] = useState<Refusal>()

  const countries = typing?.countries
  const options = useMemo(
    () => countryOptions(countries ?? [country], typing, locale),
    [countries, country, locale, typing],
  )

  function type(event: ChangeEvent<HTMLInputElement>): void {
    const { value, selectionStart } = event.currentTarget
    // Grouping what is typed in the middle would move the caret away from there.
    const isAppended = value.length > typed.length && selectionStart === value.length
    setTyped(typing && isAppended ? typing.groupDigits(value, country) : value)
    setCountry(typing?.countryOfInternational(value) ?? country)
  }

  async function submit(): Promise<void> {
    setRefusal(undefined)
    const number = typing ? typing.internationalNumber(typed, country) : typed.trim()
    const { data, error } = await addPhone({ variables: { input: { number, channel } } })
    setRefusal(refusalOf(error))
    if (!data) return
    announce(t`Code sent`)
    onAdded(data.addPhone.phone.id)
  }

  return (
    <FormDialog
      opened
      title={t`Add phone`}
      submitLabel={t`Send code`}
      busy={loading}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Select
        label={t`Country`}
        // A list that scrolls would be a stop of the Tab key, which closes it.
        classNames={{ options: classes.countries }}
        attributes={{ options: { tabIndex: -1 } }}
        searchable
        allowDeselect={false}
        limit={shownCountries}
        data={options}
        nothingFoundMessage={t`No such country`}
        value={country}
        onChange={(chosen) => setCountry(chosen ?? country)}
      />
      <TextInput
        data-autofocus
        label={t`Number`}
        type="tel"
        autoComplete="tel"
        maxLength={40}
        value={typed}
        error={refusal?.fields['number']}
        onChange={type}
      />
      {channels.length > 1 && (
        <Input.Wrapper
          label={t`How the code comes`}
          labelElement="div"
          labelProps={{ id: channelLabelId }}
          description={t`Six digits. Nothing else is sent before you have entered them.`}
          error={refusal?.fields['channel']}
        >
          <SegmentedControl
            fullWidth
            aria-labelledby={channelLabelId}
            data={channels.map((value) => ({ value, label: i18n._(phoneChannelNames[value]) }))}
            value={channel}
            onChange={(value) => {
              if (isPhoneChannel(value)) setChannel(value)
            }}
          />
        </Input.Wrapper>
      )}
    </FormDialog>
  )
}

/** What is known of numbers is much, and needed here only: undefined until it is fetched, or when it is not. */
function usePhoneTyping(): PhoneTyping | undefined {
  const [typing, setTyping] = useState<PhoneTyping>()
  useEffect(() => {
    import('./phone-typing.ts').then(setTyping, () => undefined)
  }, [])
  return typing
}

/** By name, with the calling code once that is known. */
function countryOptions(countries: readonly string[], typing: PhoneTyping | undefined, locale: string) {
  const names = new Intl.DisplayNames(locale, { type: 'region' })
  const { compare } = new Intl.Collator(locale)
  return countries
    .map((value) => {
      const code = typing?.callingCodeOf(value)
      const name = names.of(value) ?? value
      return { value, label: code ? `${name} (+${code})` : name }
    })
    .toSorted((one, other) => compare(one.label, other.label))
}

function countryOfBrowser(): string {
  return new Intl.Locale(navigator.language).maximize().region ?? 'US'
}
