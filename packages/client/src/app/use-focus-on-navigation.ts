import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { isInbox } from './paths.ts'

/**
 * Takes the focus to the title of the page after a navigation, so that those who listen hear where
 * they are. A page that is still being fetched has its title later: the content takes it until then.
 */
export function useFocusOnNavigation(): void {
  const { pathname } = useLocation()
  const previous = useRef(pathname)

  useEffect(() => {
    // The inbox keeps the focus itself and gives it back.
    if (isInbox(pathname) || previous.current === pathname) return
    previous.current = pathname
    const content = document.getElementById('content')
    const title = content?.querySelector<HTMLElement>('[data-page-title]')
    const target = title ?? content
    target?.focus({ preventScroll: true })
  }, [pathname])
}
