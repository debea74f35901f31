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

export interface Info {
  name: string
  username: string
  publicName: string
  language: Language
  rowsPerPage: number
}

/** The refusal of a form that is two changes for the server. */
export interface InfoRefusal extends Refusal {
  /** The names were saved before the preferences were refused. */
  partlySaved: boolean
}

/** Saves what differs from `saved`: first the names, which can be refused, then the preferences. */
export function useUpdateInfo() {
  const [updateProfile, profile] = useMutation(UpdateProfileDocument)
  const [updatePreferences, preferences] = useMutation(UpdatePreferencesDocument)
  const refusalOf = useRefusalOf()
  const [refusal, setRefusal] = useState<InfoRefusal>()

  /** Resolves to whether everything is saved. */
  async function updateInfo(saved: Info, wanted: Info): Promise<boolean> {
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
    return true
  }

  return { updateInfo, saving: profile.loading || preferences.loading, refusal }
}

function changed<Key extends keyof Info>(saved: Info, wanted: Info, keys: Key[]): Partial<Pick<Info, Key>> {
  const entries = keys.filter((key) => wanted[key] !== saved[key]).map((key) => [key, wanted[key]])
  // Object.fromEntries forgets which key had which type.
  return Object.fromEntries(entries) as Partial<Pick<Info, Key>>
}

function hasAny(input: object): boolean {
  return Object.keys(input).length > 0
}
