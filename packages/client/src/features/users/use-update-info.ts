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

/**
 * Saves what differs from `saved`: first the names, which can be refused, then the preferences, and the picture, which
 * is large and may be tried only so often, once nothing else stands in its way.
 */
export function useUpdateInfo(userId: string) {
  const [updateProfile, profile] = useMutation(UpdateProfileDocument)
  const [updatePreferences, preferences] = useMutation(UpdatePreferencesDocument)
  const saveAvatar = useSaveAvatar(userId)
  const [savingPicture, setSavingPicture] = useState(false)
  const refusalOf = useRefusalOf()
  const [refusal, setRefusal] = useState<InfoRefusal>()

  /** Resolves to whether everything is saved. The picture: null = none, undefined = as it is. */
  async function updateInfo(saved: Info, wanted: Info, picture: Blob | null | undefined): Promise<boolean> {
    setRefusal(undefined)
    const names: UpdateProfileInput = changed(saved, wanted, ['name', 'username', 'publicName'])
    if (hasAny(names)) {
      const refused = refusalOf((await updateProfile({ variables: { input: names } })).error)
      if (refused) {
        setRefusal({ ...refused, partlySaved: false })
        return false
      }
    }

    const choices: UpdatePreferencesInput = changed(saved, wanted, ['language', 'rowsPerPage'])
    if (hasAny(choices)) {
      const refused = refusalOf((await updatePreferences({ variables: { input: choices } })).error)
      if (refused) {
        setRefusal({ ...refused, partlySaved: hasAny(names) })
        return false
      }
    }

    if (picture !== undefined) {
      setSavingPicture(true)
      const refused = refusalOf(await saveAvatar(picture))
      setSavingPicture(false)
      if (refused) {
        setRefusal({ ...refused, partlySaved: hasAny(names) || hasAny(choices) })
        return false
      }
    }
    return true
  }

  return { updateInfo, saving: profile.loading || preferences.loading || savingPicture, refusal }
}

function changed<Key extends keyof Info>(saved: Info, wanted: Info, keys: Key[]): Partial<Pick<Info, Key>> {
  const entries = keys.filter((key) => wanted[key] !== saved[key]).map((key) => [key, wanted[key]])
  // Object.fromEntries forgets which key had which type.
  return Object.fromEntries(entries) as Partial<Pick<Info, Key>>
}

function hasAny(input: object): boolean {
  return Object.keys(input).length > 0
}
