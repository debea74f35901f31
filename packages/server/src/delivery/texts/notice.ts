import type { MessageClass } from '../message.ts'

/** What a message says, in the recipient's language and before a channel writes it down in its way. */
export interface Notice {
  class: MessageClass
  /** A headline without a full stop. It holds nothing private, except that of an event. */
  title: string
  /** What happened and what it means. */
  sentences: string[]
  /** What somebody else wrote, in lines. */
  quotation: string | null
  code: string | null
  facts: Fact[]
  /** What to do when it was not the recipient who did it. */
  advice: string | null
  action: { label: string; path: string }
  /** Where the recipient locks everything when it was not them; null when it need not have been them. */
  denial: { label: string; path: string } | null
  /** Where the recipient chooses whether to get the like; null when there is no choice. */
  choice: { label: string; path: string } | null
  /** Why the recipient gets it. */
  why: string
  /** All of it in one line for channels that have no room; what others wrote stands between quotation marks. */
  short: string
  /** As a voice says it, without the code. */
  spoken: string[]
  /** What may be read on a locked screen. */
  glance: { title: string; body: string }
  urgency: 'LOW' | 'HIGH'
  /** A newer message about the same thing replaces an older one where the channel can do that. */
  topic: string
}

export interface Fact {
  label: string
  value: string
  /** Checked: http or https. */
  href?: string
}
