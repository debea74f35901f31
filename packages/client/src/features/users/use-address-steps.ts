import { useMutation } from '@apollo/client/react'
import {
  AddEmailDocument,
  AddPhoneDocument,
  type Channel,
  RemoveEmailDocument,
  RemovePhoneDocument,
  SetPrimaryEmailDocument,
  SetPrimaryPhoneDocument,
  type UpdateInfoDialog_UserFragment,
} from '../../graphql/generated.ts'
import { type AddressEdits, actsFor } from './address-edits.ts'
import type { Step } from './use-update-info.ts'

/** In the order in which a new phone is sent its code. */
const phoneChannels: readonly Channel[] = ['SMS', 'VOICE', 'WHATSAPP']

/** Turns the edits of the form into what is asked of the server, one after the other. */
export function useAddressSteps() {
  const [setPrimaryEmail] = useMutation(SetPrimaryEmailDocument)
  const [removeEmail] = useMutation(RemoveEmailDocument)
  const [addEmail] = useMutation(AddEmailDocument)
  const [setPrimaryPhone] = useMutation(SetPrimaryPhoneDocument)
  const [removePhone] = useMutation(RemovePhoneDocument)
  const [addPhone] = useMutation(AddPhoneDocument)

  return (user: UpdateInfoDialog_UserFragment, emails: AddressEdits, phones: AddressEdits): Step[] => {
    const channel = phoneChannels.find((name) =>
      user.channels.some((one) => one.channel === name && one.configured),
    )
    return [
      ...actsFor<ReturnType<Step>>(user.emails, emails, {
        setPrimary: async (emailId) => (await setPrimaryEmail({ variables: { input: { emailId } } })).error,
        remove: async (emailId) => (await removeEmail({ variables: { input: { emailId } } })).error,
        add: async (address) => (await addEmail({ variables: { input: { address } } })).error,
      }),
      ...actsFor<ReturnType<Step>>(user.phones, phones, {
        setPrimary: async (phoneId) => (await setPrimaryPhone({ variables: { input: { phoneId } } })).error,
        remove: async (phoneId) => (await removePhone({ variables: { input: { phoneId } } })).error,
        add: async (number) =>
          (await addPhone({ variables: { input: { number, channel: channel ?? 'SMS' } } })).error,
      }),
    ]
  }
}
