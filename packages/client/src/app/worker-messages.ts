/** What the push worker asks of an open page. The page answers each on the port that comes with it: true = done. */
export type WorkerRequest = { ask: 'play-sound'; sound: string } | { ask: 'open'; path: string }

/** Undefined for what this version of the page does not know. */
export function parseWorkerRequest(data: unknown): WorkerRequest | undefined {
  if (typeof data !== 'object' || data === null || !('ask' in data)) return undefined
  if (data.ask === 'play-sound' && 'sound' in data && typeof data.sound === 'string') {
    return { ask: data.ask, sound: data.sound }
  }
  if (data.ask === 'open' && 'path' in data && typeof data.path === 'string') {
    return { ask: data.ask, path: data.path }
  }
  return undefined
}
