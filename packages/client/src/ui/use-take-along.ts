import { useState } from 'react'
import type { OneTimeSecret } from './one-time-secret.ts'
import { saveAsFile } from './save-as-file.ts'
import { type CopyState, useCopy } from './use-copy.ts'

export interface TakingAlong {
  /** Whether it was copied or downloaded: there is no way back to it. */
  isTaken: boolean
  copying: CopyState
  copy: () => void
  download: () => void
  /** For `onCopy` of the text itself: who selects it needs no button. */
  noteCopied: () => void
}

/** The ways in which a secret that is shown once is taken along. */
export function useTakeAlong(secret: OneTimeSecret, fileName: string): TakingAlong {
  const { state: copying, copy } = useCopy()
  const [taken, setTaken] = useState(false)
  return {
    isTaken: taken || copying === 'copied',
    copying,
    copy: () => copy(secret.read()),
    download: () => {
      saveAsFile(secret.read(), fileName)
      setTaken(true)
    },
    noteCopied: () => setTaken(true),
  }
}
