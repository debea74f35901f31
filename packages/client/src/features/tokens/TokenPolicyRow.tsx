import { useMutation } from '@apollo/client/react'
import { tokenLifetimeDays } from '@lanyard/contract/limits'
import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import { Select } from '@mantine/core'
import { useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import { SetTokenPolicyDocument } from '../../graphql/generated.ts'
import { SettingRow } from '../../ui/SettingRow.tsx'
import { useSave } from '../../ui/use-save.ts'

interface TokenPolicyRowProps {
  accountId: string
  longestTokenDays: number
  mayChange: boolean
}

const usualChoices = [7, 30, 90, 180, tokenLifetimeDays.max]

/** How long new tokens of the account may live. Saves as soon as it is chosen. */
export function TokenPolicyRow({ accountId, longestTokenDays: stored, mayChange }: TokenPolicyRowProps) {
  const { t } = useLingui()
  const [setTokenPolicy] = useMutation(SetTokenPolicyDocument)
  const refusalOf = useRefusalOf()
  const { state, save } = useSave()
  const [chosen, setChosen] = useState<number>()

  // What a program has set may be none of ours.
  const choices = [...new Set([...usualChoices, stored])].toSorted((one, other) => one - other)
  const options = choices.map((days) => ({
    value: String(days),
    label:
      days === tokenLifetimeDays.max ? t`1 year` : t`${plural(days, { one: '# day', other: '# days' })}`,
  }))

  const change = (longestTokenDays: number) =>
    void save(async () => {
      setChosen(longestTokenDays)
      const { error } = await setTokenPolicy({ variables: { input: { accountId, longestTokenDays } } })
      setChosen((latest) => (latest === longestTokenDays ? undefined : latest))
      return refusalOf(error)?.sentence
    })

  return (
    <SettingRow
      label={t`Longest life of new tokens`}
      help={
        mayChange
          ? t`Tokens that live longer already are not cut short; the list says when each ends.`
          : t`Only those who manage the account can change it.`
      }
      control="wide"
      save={state}
    >
      {({ input }) => (
        <Select
          {...input}
          allowDeselect={false}
          disabled={!mayChange}
          data={options}
          value={String(chosen ?? stored)}
          onChange={(value) => change(Number(value))}
        />
      )}
    </SettingRow>
  )
}
