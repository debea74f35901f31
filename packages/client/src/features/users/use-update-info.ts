import { useMutation } from '@apollo/client/react'
import { useState } from 'react'
import { type Refusal, useRefusalOf } from '../../app/error-messages.ts'
import {
  type Language,
  type UpdatePreferencesInput,
  type UpdateProfileInput,
  UpdatePreferencesDocument,
  UpdateProfileDocument,
} from '../../graphql/generated.ts'
import { useSaveAvatar } from './use-save-avatar.ts'

export interface Info {
  name: string
  username: string
  publicName: string
  language: Language
  rowsPerPage: number
}

/** The refusal of a form that is several changes for the server. */
export interface InfoRefusal extends Refusal {
  /** Something was saved before something else was refused. */
  partlySaved: boolean
}

/** One change of the form. Resolves to what went wrong. */
export type Step = () => Promise<unknown>

/**
 * Saves what differs from `saved`: first the names, which can be refused, then the preferences and the addresses, and
 * the picture, which is large and may be tried only so often, once nothing else stands in its way. Last of all comes
 * the password, which ends the session that the others need.
 */
export function useUpdateInfo(userId: string) {
  const [updateProfile] = useMutation(UpdateProfileDocument)
  const [updatePreferences] = useMutation(UpdatePreferencesDocument)
  const saveAvatar = useSaveAvatar(userId)
  const [saving, setSaving] = useState(false)
  const refusalOf = useRefusalOf()
  const [refusal, setRefusal] = useState<InfoRefusal>()

  /** Resolves to whether everything is saved. The picture: null = none, undefined = as it is. */
  async function updateInfo(
    saved: Info,
    wanted: Info,
    addresses: readonly Step[],
    picture: Blob | null | undefined,
    changePassword?: () => Promise<Refusal | undefined>,
  ): Promise<boolean> {
    const names: UpdateProfileInput = changed(saved, wanted, ['name', 'username', 'publicName'])
    const choices: UpdatePreferencesInput = changed(saved, wanted, ['language', 'rowsPerPage'])
    const steps: Step[] = [
      ...(hasAny(names) ? [async () => (await updateProfile({ variables: { input: names } })).error] : []),
      ...(hasAny(choices)
        ? [async () => (await updatePreferences({ variables: { input: choices } })).error]
        : []),
      ...addresses,
      ...(picture === undefined ? [] : [() => saveAvatar(picture)]),
    ]

    setRefusal(undefined)
    setSaving(true)
    const refused = (await firstRefusal(steps)) ?? (await refusalOfLast(changePassword, steps.length > 0))
    setSaving(false)
    setRefusal(refused)
    return refused === undefined
  }

  async function firstRefusal(steps: readonly Step[]): Promise<InfoRefusal | undefined> {
    for (const [index, step] of steps.entries()) {
      // One after the other: what comes later may need what comes before.
      // oxlint-disable-next-line no-await-in-loop
      const refused = refusalOf(await step())
      if (refused) return { ...refused, partlySaved: index > 0 }
    }
    return undefined
  }

  async function refusalOfLast(
    step: (() => Promise<Refusal | undefined>) | undefined,
    partlySaved: boolean,
  ): Promise<InfoRefusal | undefined> {
    const refused = await step?.()
    return refused && { ...refused, partlySaved }
  }

  return { updateInfo, saving, refusal }
}

function changed<Key extends keyof Info>(saved: Info, wanted: Info, keys: Key[]): Partial<Pick<Info, Key>> {
  const entries = keys.filter((key) => wanted[key] !== saved[key]).map((key) => [key, wanted[key]])
  // Object.fromEntries forgets which key had which type.
  return Object.fromEntries(entries) as Partial<Pick<Info, Key>>
}

function hasAny(input: object): boolean {
  return Object.keys(input).length > 0
}
