import { type RefObject, useRef, useState } from 'react'
import { flushSync } from 'react-dom'

/**
 * Which dialog is open, if any; one may follow another. Once the last is closed, the focus goes back to
 * what opened the first, or to `fallback` when that has gone meanwhile, as the button of a deleted row.
 */
export function useOpenDialog<Dialog>(fallback: RefObject<HTMLElement | null>) {
  const [open, setOpen] = useState<Dialog>()
  const opener = useRef<Element>(null)

  function show(dialog: Dialog): void {
    if (open === undefined) opener.current = document.activeElement
    setOpen(dialog)
  }

  function hide(): void {
    flushSync(() => setOpen(undefined))
    const target = opener.current?.isConnected ? opener.current : fallback.current
    if (target instanceof HTMLElement) target.focus()
  }

  return { open, show, hide }
}
