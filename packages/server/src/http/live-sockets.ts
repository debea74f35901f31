import type { StatementPool } from '../database/statements.ts'
import type { Clock } from '../lib/clock.ts'
import type { Limits } from '../limits.ts'
import type { Viewer } from '../viewer.ts'

/** Close codes of our own; 4401 tells the page to ask who is there. Source: graphql-ws, S-D4. */
export const closeCodes = { badRequest: 4400, revoked: 4401, tooMany: 4503, shutdown: 1001 } as const

interface LiveSocket {
  viewer: Viewer
  close(code: number, reason: string): void
}

const livingStatement = {
  name: 'living_credentials',
  text: `select c.id from unnest($1::uuid[], $2::uuid[]) as c (user_id, id)
    where exists (select 1 from session s where s.user_id = c.user_id and s.id = c.id
        and s.expires_at > $3 and s.last_seen_at > $4)
      or exists (select 1 from personal_access_token t
        join account_user m on m.user_id = t.user_id and m.id = t.account_user_id
        where t.user_id = c.user_id and t.id = c.id and t.expires_at > $3)`,
}

/** The open sockets of this process by the session or token they came with: what ends it ends them. */
export class LiveSockets {
  readonly #limits: Limits
  readonly #byCredential = new Map<string, Set<LiveSocket>>()
  #count = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get count(): number {
    return this.#count
  }

  /** @returns false when the session or token has as many sockets as it may */
  add(socket: LiveSocket): boolean {
    const id = credentialId(socket.viewer)
    const sockets = this.#byCredential.get(id) ?? new Set()
    if (sockets.size >= this.#limits.socketsPerSession) return false
    this.#byCredential.set(id, sockets.add(socket))
    this.#count++
    return true
  }

  remove(socket: LiveSocket): void {
    const id = credentialId(socket.viewer)
    const sockets = this.#byCredential.get(id)
    if (!sockets?.delete(socket)) return
    this.#count--
    if (sockets.size === 0) this.#byCredential.delete(id)
  }

  /** Closes what came with this session or token. */
  revoke(id: string): void {
    for (const socket of this.#byCredential.get(id) ?? []) socket.close(closeCodes.revoked, 'Unauthorized')
  }

  /** Closes what came with a session or token that has run out meanwhile, or whose end was told while nobody heard. */
  async closeEnded(statements: StatementPool, clock: Clock): Promise<void> {
    const viewers = [...this.#byCredential.values()].flatMap(([socket]) => (socket ? [socket.viewer] : []))
    if (viewers.length === 0) return
    const now = clock.now()
    const living = await statements.run<{ id: string }>(livingStatement, [
      viewers.map(({ userId }) => userId),
      viewers.map(credentialId),
      now,
      new Date(now.getTime() - this.#limits.session.idleSeconds * 1000),
    ])
    const ids = new Set(living.map(({ id }) => id))
    for (const viewer of viewers) if (!ids.has(credentialId(viewer))) this.revoke(credentialId(viewer))
  }

  closeAll(): void {
    for (const sockets of this.#byCredential.values()) {
      for (const socket of sockets) socket.close(closeCodes.shutdown, 'Going away')
    }
  }
}

function credentialId({ credential }: Viewer): string {
  return credential.kind === 'session' ? credential.sessionId : credential.tokenId
}
