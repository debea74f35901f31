import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { isInbox } from './paths.ts'

/** A page that takes longer has kept its visitor waiting; they have moved on by then. */
const patienceMilliseconds = 5_000

/**
 * Takes the focus to the title of the page after a navigation, so that those who listen hear where
 * they are. A title comes with the data of its page: until then the content holds the focus, and
 * whoever acts meanwhile keeps it.
 */
export function useFocusOnNavigation(): void {
  const { pathname } = useLocation()
  const previous = useRef(pathname)

  useEffect(() => {
    // The inbox keeps the focus itself and gives it back.
    const content = document.getElementById('content')
    if (!content || isInbox(pathname) || previous.current === pathname) return undefined
    previous.current = pathname
    content.focus({ preventScroll: true })
    return focusTitleIn(content)
  }, [pathname])
}

/** Returns what ends the waiting for a title. */
function focusTitleIn(content: HTMLElement): () => void {
  const end = new AbortController()
  const focusTitle = () => {
    // Whatever replaces the focused element leaves the focus to the body.
    const isUnclaimed = document.activeElement === content || document.activeElement === document.body
    if (isUnclaimed) content.querySelector<HTMLElement>('[data-page-title]')?.focus({ preventScroll: true })
  }
  const titles = new MutationObserver(focusTitle)
  titles.observe(content, { childList: true, subtree: true })
  const timer = setTimeout(() => end.abort(), patienceMilliseconds)
  end.signal.addEventListener('abort', () => {
    titles.disconnect()
    clearTimeout(timer)
  })
  addEventListener('keydown', () => end.abort(), { signal: end.signal })
  addEventListener('pointerdown', () => end.abort(), { signal: end.signal })
  focusTitle()
  return () => end.abort()
}
