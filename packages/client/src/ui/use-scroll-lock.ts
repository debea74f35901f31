import { useLayoutEffect } from 'react'

let locks = 0

/**
 * Holds the page still while a dialog lies over it. Mantine's own way writes a `<style>` element, which the policy of
 * the page refuses. The width of the scroll bar that goes is put beside the page, so that nothing moves.
 */
export function useScrollLock(locked: boolean): void {
  useLayoutEffect(() => {
    if (!locked) return undefined
    const { style } = document.body
    if (locks === 0) {
      style.marginRight = `${innerWidth - document.documentElement.clientWidth}px`
      style.overflow = 'hidden'
    }
    locks += 1
    return () => {
      locks -= 1
      if (locks > 0) return
      style.marginRight = ''
      style.overflow = ''
    }
  }, [locked])
}
