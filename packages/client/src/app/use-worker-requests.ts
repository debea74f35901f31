import { useEffect, useEffectEvent } from 'react'
import { useNavigate } from 'react-router'
import { returnPath } from './paths.ts'
import { parseWorkerRequest } from './worker-messages.ts'

/** Does what the push worker asks of an open page: makes the sound of a push, and opens what was clicked. */
export function useWorkerRequests(): void {
  const navigate = useNavigate()

  const answer = useEffectEvent(async ({ data, ports }: MessageEvent<unknown>) => {
    const request = parseWorkerRequest(data)
    if (!request) return
    if (request.ask === 'open') {
      const path = returnPath(request.path)
      if (path) await navigate(path)
      ports[0]?.postMessage(path !== undefined)
      return
    }
    // Fetched when the first push comes: most visits are silent.
    const { playSound } = await import('../ui/sounds.ts')
    ports[0]?.postMessage(await playSound(request.sound))
  })

  useEffect(() => {
    if (!('serviceWorker' in navigator)) return undefined
    const { serviceWorker } = navigator
    const listen = (event: MessageEvent<unknown>) => void answer(event).catch(() => undefined)
    serviceWorker.addEventListener('message', listen)
    return () => serviceWorker.removeEventListener('message', listen)
  }, [])
}
