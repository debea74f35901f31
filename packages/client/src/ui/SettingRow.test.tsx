import { Select, Switch } from '@mantine/core'
import { screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble } from '../test/server-double.ts'
import { SettingRow } from './SettingRow.tsx'
import { useSave } from './use-save.ts'

function Row({ answers }: { answers: (string | undefined)[] }) {
  const { state, save } = useSave()
  return (
    <SettingRow label="Emoji mode" help="Shows emoji." control="switch" save={state}>
      {({ id, describedBy }) => (
        <Switch
          id={id}
          aria-describedby={describedBy}
          onChange={() => void save(async () => answers.shift())}
        />
      )}
    </SettingRow>
  )
}

test('a row says that it saved, and says it aloud', async () => {
  const { user } = renderPage(<Row answers={[undefined]} />, { server: createServerDouble({}) })

  expect(screen.getByRole('switch', { name: 'Emoji mode' }).getAttribute('aria-describedby')).toBeTruthy()
  expect(screen.getByText('Shows emoji.')).toBeTruthy()
  await user.click(screen.getByRole('switch', { name: 'Emoji mode' }))

  expect(await screen.findAllByText('Saved')).toHaveLength(2)
  expect(screen.queryByText('Shows emoji.')).toBeNull()
})

test('a refusal stays with its reason until trying again works', async () => {
  const { user } = renderPage(<Row answers={['The server did not answer.', undefined]} />, {
    server: createServerDouble({}),
  })

  await user.click(screen.getByRole('switch', { name: 'Emoji mode' }))
  expect(await screen.findAllByText('Not saved. The server did not answer.')).toHaveLength(2)
  await user.click(screen.getByRole('button', { name: 'Try again' }))

  expect(await screen.findAllByText('Saved')).toHaveLength(2)
  expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull()
})

test('a list to choose from carries the label and the help of its row', () => {
  renderPage(
    <SettingRow label="Language" help="The page speaks it." control="wide">
      {({ input }) => <Select {...input} data={['English', 'Deutsch']} />}
    </SettingRow>,
    { server: createServerDouble({}) },
  )

  const describedBy = screen.getByRole('combobox', { name: 'Language' }).getAttribute('aria-describedby')
  expect(document.getElementById(describedBy ?? '')?.textContent).toBe('The page speaks it.')
})
