import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useScrollLock } from './use-scroll-lock.ts'

test('the page is still until the last dialog over it is gone', () => {
  const { rerender, unmount } = render(<Dialogs opened={['inbox', 'question']} />)
  expect(document.body.style.overflow).toBe('hidden')
  expect(document.querySelectorAll('style')).toHaveLength(0)

  rerender(<Dialogs opened={['inbox']} />)
  expect(document.body.style.overflow).toBe('hidden')

  rerender(<Dialogs opened={[]} />)
  expect(document.body.style.overflow).toBe('')
  unmount()
})

function Dialogs({ opened }: { opened: string[] }) {
  return opened.map((name) => <Dialog key={name} />)
}

function Dialog() {
  useScrollLock(true)
  return null
}
