import { screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble } from '../test/server-double.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'

function Page() {
  const [asked, setAsked] = useState(false)
  const [deleted, setDeleted] = useState(false)
  return (
    <main tabIndex={-1}>
      {!deleted && <button onClick={() => setAsked(true)}>Delete…</button>}
      {asked && (
        <ConfirmDialog
          opened
          title="Delete it?"
          confirmLabel="Delete"
          cancelLabel="Keep it"
          onConfirm={() => {
            setDeleted(true)
            setAsked(false)
          }}
          onClose={() => setAsked(false)}
        >
          It cannot be brought back.
        </ConfirmDialog>
      )}
    </main>
  )
}

async function answer(name: string): Promise<void> {
  const { user } = renderPage(<Page />, { server: createServerDouble({}) })
  await user.click(screen.getByRole('button', { name: 'Delete…' }))
  await user.click(await screen.findByRole('button', { name }))
}

test('a closed dialog gives the focus back to what opened it', async () => {
  await answer('Keep it')

  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Delete…' }))
})

test('when that is gone, the content of the page has the focus', async () => {
  await answer('Delete')

  expect(document.activeElement).toBe(screen.getByRole('main'))
})
