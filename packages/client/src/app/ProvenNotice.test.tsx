import { act, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble } from '../test/server-double.ts'
import { ProvenNotice } from './ProvenNotice.tsx'

test('the page that was left to prove a phone says that it is done, until the next page', async () => {
  const { router } = renderPage(<ProvenNotice />, { server: createServerDouble({}) })
  expect(screen.queryByText('Phone verified successfully')).toBeNull()

  await act(() => router.navigate('/settings/profile', { state: { proven: 'PHONE' } }))
  expect(screen.getByText('Phone verified successfully')).toBeTruthy()
  await act(() => router.navigate('/settings/activity', { state: { proven: 'nothing known' } }))
  expect(screen.queryByText('Phone verified successfully')).toBeNull()
})
