/** Whether a link may be offered. What hosts send is text of strangers: `javascript:` and the like are not links. */
export function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
