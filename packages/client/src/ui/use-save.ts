import { useLingui } from '@lingui/react/macro'
import { useEffect, useRef, useState } from 'react'
import { useAnnounce } from './Announcer.tsx'

const savedShownMilliseconds = 4_000

export type SaveState =
  | { status: 'idle' }
  | { status: 'saving' }
  | { status: 'saved' }
  | { status: 'refused'; reason: string; retry: () => void }

/** Does the saving. Resolves to the sentence of the refusal, or to undefined when it is saved. */
export type SaveWork = () => Promise<string | undefined>

/**
 * Follows one saving from the change to the word "Saved", which stays for four seconds.
 * A refusal can be tried again, and a newer saving makes the outcome of an older one irrelevant.
 */
export function useSave(): { state: SaveState; save: (work: SaveWork) => Promise<void> } {
  const { t } = useLingui()
  const announce = useAnnounce()
  const [state, setState] = useState<SaveState>({ status: 'idle' })
  const latest = useRef(0)

  async function save(work: SaveWork): Promise<void> {
    const mine = ++latest.current
    setState({ status: 'saving' })
    const reason = await work()
    if (mine !== latest.current) return
    if (reason === undefined) {
      setState({ status: 'saved' })
      announce(t`Saved`)
    } else {
      setState({ status: 'refused', reason, retry: () => void save(work) })
      announce(t`Not saved. ${reason}`)
    }
  }

  useEffect(() => {
    if (state.status !== 'saved') return undefined
    const timer = setTimeout(() => setState({ status: 'idle' }), savedShownMilliseconds)
    return () => clearTimeout(timer)
  }, [state])

  return { state, save }
}
