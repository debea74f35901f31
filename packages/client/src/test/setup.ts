import { cleanup, configure } from '@testing-library/react'
import { afterAll, afterEach, vi } from 'vitest'

afterEach(cleanup)

// Files share a page, but nothing that another file finds in it: our modules begin anew, as do what they kept and wrote.
afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.resetModules()
  localStorage.clear()
  sessionStorage.clear()
  history.replaceState(null, '', '/')
  const { documentElement: page, head, body } = document
  for (const element of [page, body]) {
    for (const { name } of Array.from(element.attributes)) element.removeAttribute(name)
  }
  head.replaceChildren()
  body.replaceChildren()
})

// On a busy machine a second is soon over; what never comes fails all the same.
configure({ asyncUtilTimeout: 5_000 })

// jsdom has no layout; these are the parts of it that the page asks for.
globalThis.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
window.matchMedia = (query) => ({
  matches: false,
  media: query,
  onchange: null,
  addListener: () => {},
  removeListener: () => {},
  addEventListener: () => {},
  removeEventListener: () => {},
  dispatchEvent: () => false,
})
Element.prototype.scrollIntoView = () => {}
window.scrollTo = () => {}
