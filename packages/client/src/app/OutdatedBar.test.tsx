import { act, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble } from '../test/server-double.ts'
import { OutdatedBar } from './OutdatedBar.tsx'
import { reportOutdated } from './outdated.ts'

test('a page older than the server offers to reload, and leaves what was typed', async () => {
  const page = (
    <>
      <OutdatedBar />
      <input aria-label="Name" />
    </>
  )
  const { user } = renderPage(page, { server: createServerDouble({}) })
  await user.type(screen.getByLabelText('Name'), 'Mara')
  expect(screen.queryByRole('alert')).toBeNull()

  act(reportOutdated)

  expect(screen.getByRole('alert').textContent).toContain('There is a newer Lanyard.')
  expect(screen.getByRole('button', { name: 'Reload' })).toBeTruthy()
  expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Mara')
})
