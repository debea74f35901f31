import { type Page, expect } from '@playwright/test'

const softly = expect.configure({ soft: true, timeout: 2_000 })

/** Notes it when something on the page does not fit, once what follows the size of the window has followed. */
export async function expectNothingSpilt(page: Page, where: string): Promise<void> {
  await softly.poll(() => spiltContent(page), { message: where }).toEqual([])
}

/**
 * What does not fit: the page when it can be scrolled sideways, whatever reaches past its right edge, and text that is
 * cut off without an ellipsis. Commands to copy scroll in a frame of their own.
 */
function spiltContent(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const { scrollWidth, clientWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide and shows ${clientWidth}`)

    for (const element of document.body.querySelectorAll<HTMLElement>('*')) {
      if (element.closest('pre') || !element.checkVisibility({ visibilityProperty: true })) continue
      const box = element.getBoundingClientRect()
      // What is kept for those who listen is clipped to a pixel.
      if (box.width <= 1 || box.height <= 1) continue

      const described = `${element.localName} "${element.textContent.trim().slice(0, 60)}"`
      if (box.right > clientWidth + 1) found.push(`${described} reaches to ${Math.round(box.right)}`)

      const style = getComputedStyle(element)
      const holdsText = [...element.childNodes].some(
        ({ nodeType, textContent }) => nodeType === 3 && textContent?.trim(),
      )
      const isCut = style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1
      if (holdsText && isCut && style.textOverflow !== 'ellipsis') found.push(`${described} is cut off`)
    }
    return found
  })
}
