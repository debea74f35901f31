import { render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { usePageTitle, useTitleCount } from './page-title.ts'

function Tab({ title, count }: { title: string; count: number }) {
  usePageTitle(title)
  useTitleCount(count)
  return null
}

test('the tab shows the count before the name of the page', () => {
  const { rerender, unmount } = render(<Tab title="Profile" count={7} />)
  expect(document.title).toBe('(7) Profile · Lanyard')

  rerender(<Tab title="Activity" count={120} />)
  expect(document.title).toBe('(99+) Activity · Lanyard')

  rerender(<Tab title="Activity" count={0} />)
  expect(document.title).toBe('Activity · Lanyard')
  unmount()
})
