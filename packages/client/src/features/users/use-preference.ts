import { useApolloClient, useMutation } from '@apollo/client/react'
import { useState } from 'react'
import { useRefusalOf } from '../../app/error-messages.ts'
import { type UpdatePreferencesInput, UpdatePreferencesDocument } from '../../graphql/generated.ts'
import { type SaveState, useSave } from '../../ui/use-save.ts'

type Preference = keyof UpdatePreferencesInput

interface UsePreference<Value> {
  /** What the control shows: the choice at once, and the stored value again when it was refused. */
  value: Value
  change: (value: Value) => void
  state: SaveState
}

/** One preference that saves as soon as it is changed. `stored` is the value the server knows. */
export function usePreference<
  Name extends Preference,
  Value extends NonNullable<UpdatePreferencesInput[Name]>,
>(name: Name, stored: Value): UsePreference<Value> {
  const client = useApolloClient()
  const [updatePreferences] = useMutation(UpdatePreferencesDocument)
  const refusalOf = useRefusalOf()
  const { state, save } = useSave()
  const [chosen, setChosen] = useState<Value>()

  const change = (value: Value) =>
    void save(async () => {
      setChosen(value)
      const { error } = await updatePreferences({ variables: { input: { [name]: value } } })
      setChosen((latest) => (latest === value ? undefined : latest))
      // The server's own texts are in the person's language: they are read again in the new one.
      if (!error && name === 'language') await client.refetchQueries({ include: 'active' })
      return refusalOf(error)?.sentence
    })

  return { value: chosen ?? stored, change, state }
}
