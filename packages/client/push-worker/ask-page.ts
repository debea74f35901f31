import type { WorkerRequest } from '../src/app/worker-messages.ts'

/** A page that does not answer by then is asleep, or older than the question. */
const patienceMilliseconds = 400

/** The pages of this server that are open, the one somebody is looking at first. */
export async function pagesBySight(scope: ServiceWorkerGlobalScope): Promise<readonly WindowClient[]> {
  const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const rank = ({ focused, visibilityState }: WindowClient) =>
    focused ? 0 : visibilityState === 'visible' ? 1 : 2
  return pages.toSorted((one, other) => rank(one) - rank(other))
}

/** Resolves to whether the page did it. */
export async function askPage(page: WindowClient, request: WorkerRequest): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  const answered = new Promise<boolean>((resolve) => {
    port1.addEventListener('message', ({ data }) => resolve(data === true), { once: true })
    setTimeout(() => resolve(false), patienceMilliseconds)
  })
  port1.start()
  page.postMessage(request, [port2])
  const done = await answered
  port1.close()
  return done
}
