import { useEffect } from 'react'

/** Files and not drawings of the moment: the policy of the page allows no `data:` images. */
const favicons = import.meta.glob<string>('./favicons/*.svg', {
  query: '?url',
  import: 'default',
  eager: true,
})

/** The address of the mark with `unread` on a red disc, with a dot from ten on; undefined at none. */
export function faviconFor(unread: number): string | undefined {
  if (unread <= 0) return undefined
  return favicons[`./favicons/${unread < 10 ? unread : 'many'}.svg`]
}

/** Marks the browser's tab. */
export function useFavicon(unread: number): void {
  const href = faviconFor(unread)

  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (!link || !href) return undefined
    const plain = link.href
    link.href = href
    return () => {
      link.href = plain
    }
  }, [href])
}
