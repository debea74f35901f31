import { useLayoutEffect } from 'react'

/**
 * For a dialog that is drawn only while it is open: gives the focus back to what had it before. When that is gone too,
 * as the row of something deleted, the content of the page takes it, so that the next Tab does not begin at the top.
 */
export function useReturnFocus(): void {
  useLayoutEffect(() => {
    const before = document.activeElement
    return () => {
      if (before instanceof HTMLElement) before.focus()
      // What had the focus may leave the page in the very same moment, and does so after this.
      queueMicrotask(() => {
        if (document.activeElement === document.body) document.querySelector('main')?.focus()
      })
    }
  }, [])
}
