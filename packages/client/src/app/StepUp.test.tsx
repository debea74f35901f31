import { useMutation } from '@apollo/client/react'
import { TextInput } from '@mantine/core'
import { screen, waitFor, within } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { UpdateProfileDocument } from '../graphql/generated.ts'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble, refusal } from '../test/server-double.ts'
import { FormDialog } from '../ui/FormDialog.tsx'
import { useRefusal } from './error-messages.ts'
import { StepUp } from './StepUp.tsx'

const inTenMinutes = () => new Date(Date.now() + 600_000).toISOString()

/** A server that wants fresh proof before a name changes. */
function createCautiousServer(methods: string[]) {
  const state = { proven: false, proofs: [] as object[] }
  const me = {
    id: 'u1',
    username: 'mara.lindqvist',
    name: 'Mara',
    publicName: 'Mara',
    stepUp: { methods, ssoUrl: null, validUntil: inTenMinutes() },
  }
  const server = createServerDouble({
    me,
    updateProfile: () => {
      if (!state.proven) throw refusal('STEP_UP_REQUIRED')
      return { me }
    },
    startPasskeyProof: () => ({ options: { challenge: 'AAAA', rpId: 'localhost' } }),
    confirmStepUp: ({ input }: { input: { password?: string; code?: string; passkey?: object } }) => {
      state.proofs.push(input)
      if (input.password === 'wrong') throw refusal('CREDENTIALS_WRONG')
      if (input.code === '000000') throw refusal('CODE_WRONG', { field: 'code' })
      state.proven = true
      return { validUntil: inTenMinutes() }
    },
  })
  return { server, state }
}

/** Two forms of one page that save at the same moment. */
function Forms() {
  return (
    <>
      <Form name="First" />
      <Form name="Second" />
      <StepUp />
    </>
  )
}

function Form({ name }: { name: string }) {
  const [typed, setTyped] = useState('')
  const [saved, setSaved] = useState(false)
  const [update, { loading, error }] = useMutation(UpdateProfileDocument)
  const refused = useRefusal(error)
  const submit = async () => {
    const { data } = await update({ variables: { input: { name: typed } } })
    setSaved(data !== undefined)
  }
  return (
    <FormDialog
      opened
      title={name}
      submitLabel={`Save ${name}`}
      busy={loading}
      refusal={refused}
      onSubmit={() => void submit()}
      onClose={() => setTyped('closed')}
    >
      <TextInput
        label={`Name of ${name}`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {saved && <p>{name} is saved</p>}
    </FormDialog>
  )
}

function openForms(methods: string[]) {
  const { server, state } = createCautiousServer(methods)
  return { ...renderPage(<Forms />, { server }), server, state }
}

type Page = ReturnType<typeof openForms>
const save = ({ user }: Page, name: string) =>
  user.click(screen.getByRole('button', { name: `Save ${name}` }))
const question = () => screen.findByRole('dialog', { name: 'Confirm that it is you' })

afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'credentials')
})

test('what was refused for want of proof goes on once it is given, and nothing typed is lost', async () => {
  const page = openForms(['PASSWORD'])
  await page.user.type(screen.getByLabelText('Name of First'), 'Mara L.')
  await save(page, 'First')

  const dialog = within(await question())
  await page.user.type(dialog.getByLabelText('Password'), 'wrong')
  await page.user.click(dialog.getByRole('button', { name: 'Confirm' }))
  expect((await dialog.findByRole('alert')).textContent).toBe('Not confirmed. That is not your password. ')
  expect(document.activeElement).toBe(dialog.getByLabelText('Password'))

  await page.user.clear(dialog.getByLabelText('Password'))
  await page.user.type(dialog.getByLabelText('Password'), 'right{Enter}')
  expect(await screen.findByText('First is saved')).toBeTruthy()
  expect(screen.queryByRole('dialog', { name: 'Confirm that it is you' })).toBeNull()
  expect(page.server.received.filter(({ operationName }) => operationName === 'UpdateProfile')).toEqual([
    { operationName: 'UpdateProfile', variables: { input: { name: 'Mara L.' } } },
    { operationName: 'UpdateProfile', variables: { input: { name: 'Mara L.' } } },
  ])
  expect(JSON.stringify(page.client.cache.extract())).not.toContain('right')
})

test('without proof the refusal is the answer, and Escape closes the question alone', async () => {
  const page = openForms(['PASSWORD'])
  await page.user.type(screen.getByLabelText('Name of First'), 'Mara L.')
  await save(page, 'First')
  await question()
  await page.user.keyboard('{Escape}')

  expect((await screen.findByRole('alert')).textContent).toContain(
    'Confirm that it is you, then try again.',
  )
  expect(screen.getByLabelText('Name of First')).toHaveProperty('value', 'Mara L.')
  expect(screen.queryByText('First is saved')).toBeNull()
})

test('two mutations at once ask once, and both go on', async () => {
  const page = openForms(['TOTP', 'RECOVERY_CODE'])
  await save(page, 'First')
  await save(page, 'Second')

  const dialog = within(await question())
  await page.user.type(dialog.getByLabelText('Code'), '000 000')
  await page.user.click(dialog.getByRole('button', { name: 'Confirm' }))
  await dialog.findByRole('alert')
  await page.user.click(dialog.getByRole('button', { name: 'Use a recovery code instead' }))
  await page.user.type(dialog.getByLabelText('Recovery code'), 'K7MQ-2XVD-P3WN-8HTA{Enter}')

  expect(await screen.findByText('First is saved')).toBeTruthy()
  expect(await screen.findByText('Second is saved')).toBeTruthy()
  expect(page.state.proofs).toEqual([{ code: '000000' }, { code: 'K7MQ-2XVD-P3WN-8HTA' }])
})

test('a passkey is proof, and closing the browser’s window is no error of anybody', async () => {
  const answers: (object | DOMException)[] = [
    new DOMException('Closed', 'NotAllowedError'),
    {
      id: 'AQID',
      rawId: new Uint8Array([1, 2, 3]).buffer,
      type: 'public-key',
      response: {
        authenticatorData: new Uint8Array([4]).buffer,
        clientDataJSON: new Uint8Array([5]).buffer,
        signature: new Uint8Array([6]).buffer,
      },
      getClientExtensionResults: () => ({}),
    },
  ]
  vi.stubGlobal('PublicKeyCredential', function PublicKeyCredential() {})
  Object.defineProperty(navigator, 'credentials', {
    configurable: true,
    value: {
      get: async () => {
        const answer = answers.shift()
        if (answer instanceof DOMException) throw answer
        return answer
      },
    },
  })
  const page = openForms(['PASSWORD', 'PASSKEY'])
  await save(page, 'First')

  const dialog = within(await question())
  await page.user.click(dialog.getByRole('button', { name: 'Use a passkey' }))
  expect((await dialog.findByRole('alert')).textContent).toContain('No passkey was used.')
  await page.user.click(dialog.getByRole('button', { name: 'Use a passkey' }))

  expect(await screen.findByText('First is saved')).toBeTruthy()
  expect(page.state.proofs).toMatchObject([{ passkey: { id: 'AQID', response: { signature: 'Bg' } } }])
})

test('a browser without passkeys is offered what else there is', async () => {
  const page = openForms(['PASSWORD', 'PASSKEY'])
  await save(page, 'First')

  const dialog = within(await question())
  expect(dialog.getByLabelText('Password')).toBeTruthy()
  await waitFor(() => expect(document.activeElement).toBe(dialog.getByLabelText('Password')))
  expect(dialog.queryByRole('button', { name: /passkey/ })).toBeNull()
})
