import { useEffect } from 'react'

let page = ''
let unread = 0

/** Names the page in the tab: "Profile · Lanyard". */
export function usePageTitle(title: string): void {
  useEffect(() => {
    page = title
    write()
  }, [title])
}

/** Puts the count before the name: "(7) Profile · Lanyard"; nothing at 0. */
export function useTitleCount(count: number): void {
  useEffect(() => {
    unread = count
    write()
    return () => {
      unread = 0
      write()
    }
  }, [count])
}

function write(): void {
  const name = page ? `${page} · Lanyard` : 'Lanyard'
  document.title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${name}` : name
}
