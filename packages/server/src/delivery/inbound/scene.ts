import type { EntityManager } from '@mikro-orm/postgresql'

import type { Context } from '../../context.ts'

/** What the handling of a carrier's word needs; its origin names the carrier in the place of a browser. */
export type Scene = Pick<Context, 'em' | 'statements' | 'clock' | 'origin' | 'sealing' | 'deliveries'>

/** The carriers as a person's history names them. */
export type Source = 'Twilio' | 'Amazon SES' | 'Postmark' | 'SendGrid' | 'Mailgun' | 'Slack' | 'Mail'

const mostTries = 3

/** A transaction in which entities are written, as the histories of people. */
export function inTransaction<Result>(
  { em }: Pick<Scene, 'em'>,
  work: (tx: EntityManager) => Promise<Result>,
): Promise<Result> {
  return withoutDeadlock(() => em.fork().transactional(work))
}

/**
 * Two requests that meet over the same addresses may each wait for the other; the database ends one of the two, which
 * is then tried again.
 */
export async function withoutDeadlock<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (tries === mostTries || !isDeadlock(error)) throw error
    }
  }
}

function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '40P01'
}
