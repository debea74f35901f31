import { setTimeout as sleep } from 'node:timers/promises'

import type { Context } from '../context.ts'
import { mailResetLink } from './reset-link.ts'

type Scene = Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'deliveries'>

interface WorkerParts {
  createScene(): Scene
  onError(error: unknown): void
}

/** Never woken by a request: what is done about one shall not be noticed in the time of the next. */
const pollMilliseconds = 1000

/** One that fails is tried again after so long, and not at all once its link would have ended. */
const retrySeconds = 60

interface Request {
  id: string
  addressKey: string
  source: string
  device: string
}

/**
 * Works off what `requestPasswordReset` took down. The row is the job, rather than one of pg-boss: it goes in the very
 * transaction that makes the link and hands in its mail, so neither is lost, or done twice. Any number of processes may
 * run one.
 */
export class ResetLinkWorker implements AsyncDisposable {
  readonly #parts: WorkerParts
  readonly #stopped = new AbortController()
  readonly #running: Promise<void>

  constructor(parts: WorkerParts) {
    this.#parts = parts
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped
    while (!signal.aborted) {
      await this.#workOff().catch(this.#parts.onError)
      await sleep(pollMilliseconds, undefined, { signal }).catch(() => {})
    }
  }

  async #workOff(): Promise<void> {
    const { createScene, onError } = this.#parts
    let request = await claim(createScene())
    while (request && !this.#stopped.signal.aborted) {
      await answer(createScene(), request).catch(onError)
      request = await claim(createScene())
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort()
    await this.#running
  }
}

/** The oldest that is due, kept from the others for a while. */
async function claim({ em, clock, limits }: Scene): Promise<Request | undefined> {
  const now = clock.now()
  const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)
  const [request] = await em.execute<Request[]>(
    `update password_reset_request set due_at = ? where id = (
        select id from password_reset_request where due_at <= ? and requested_at > ? order by due_at limit 1 for update skip locked)
      returning id, address_key as "addressKey", source, device`,
    [after(retrySeconds), now, after(-limits.passwordReset.linkSeconds)],
  )
  return request
}

async function answer(scene: Scene, { id, addressKey, source, device }: Request): Promise<void> {
  const ctx = { ...scene, origin: { requestId: id, address: source, device } }
  await scene.em.transactional(async (tx) => {
    const mine: unknown[] = await tx.execute(
      'delete from password_reset_request where id = ? returning id',
      [id],
    )
    if (mine.length > 0) await mailResetLink(tx, ctx, addressKey)
  })
  scene.deliveries.wake()
}
