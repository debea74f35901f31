import type { FastifyInstance } from 'fastify'

import type { StatementPool } from '../database/statements.ts'

const probeStatement = { name: 'probe', text: 'select 1' }

/** `/healthz`: the process answers. `/readyz`: it can serve, as the database answers too. */
export function serveProbes(app: FastifyInstance, statements: StatementPool): void {
  app.get('/healthz', () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    try {
      await statements.run(probeStatement, [])
      return { status: 'ok' }
    } catch {
      return reply.code(503).send({ status: 'the database does not answer' })
    }
  })
}
