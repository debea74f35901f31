import { expect } from '@playwright/test'

/** What the catcher took in place of a carrier. */
export interface CaughtMessage {
  channel: string
  to: string
  subject: string | null
  text: string
  userId: string
  deliveryId: string
}

/** The newest message with a code to this address, once it is there. */
export async function codeMessage(origin: string, to: string): Promise<CaughtMessage & { code: string }> {
  let found: (CaughtMessage & { code: string }) | undefined
  await expect(async () => {
    const caught = await caughtMessages(origin, to)
    const codes = caught.map((message) => ({ ...message, code: codeIn(message.text) }))
    found = codes.find(({ code }) => code !== '')
    expect(found).toBeDefined()
  }).toPass()
  if (!found) throw new Error('toPass() returned without a code.')
  return found
}

/** The text of the newest message to this address that holds `part`, once it is there. */
export async function caughtText(origin: string, to: string, part: string): Promise<string> {
  let text: string | undefined
  await expect(async () => {
    const caught = await caughtMessages(origin, to)
    text = caught.find((message) => message.text.includes(part))?.text
    expect(text).toBeDefined()
  }).toPass()
  return text ?? ''
}

async function caughtMessages(origin: string, to: string): Promise<CaughtMessage[]> {
  const answer = await fetch(`${origin}/outbox.json?to=${encodeURIComponent(to)}`)
  // What the catcher shows to programs.
  return (await answer.json()) as CaughtMessage[]
}

/** Six digits on their own, and not within an address; or spoken one by one. Empty where there are none. */
function codeIn(text: string): string {
  const digits = /(?<![\w.@-])\d(?:(?:, | )?\d){5}(?![\w@-])/.exec(text)?.[0] ?? ''
  return digits.replaceAll(/\D/g, '')
}
