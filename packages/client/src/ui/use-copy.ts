import { useState } from 'react'

/** "Failed" where the browser gives pages no clipboard: over plain http, or by the person's choice. */
export type CopyState = 'idle' | 'copied' | 'failed'

export function useCopy(): { state: CopyState; copy: (text: string) => void } {
  const [state, setState] = useState<CopyState>('idle')

  async function write(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      setState('failed')
    }
  }

  return { state, copy: (text) => void write(text) }
}
