import { createServer } from 'node:http'

import { PersistedPlugin } from '@grafserv/persisted'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'

/**
 * The profile page as somebody who knows PostGraphile would serve it, on the same tables as they are: the preset that
 * its manual recommends, lists instead of connections, no mutations, no page to try queries on, no plans in answers,
 * the operation known by its hash. Nobody signs in.
 */
const pgl = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [PersistedPlugin],
  schema: { defaultBehavior: '-connection +list -insert -update -delete' },
  pgServices: [
    makePgService({
      connectionString: process.env['DATABASE_URL'] ?? '',
      schemas: ['public'],
      poolConfig: { max: 10 },
    }),
  ],
  grafast: { explain: false },
  grafserv: {
    graphiql: false,
    graphiqlOnGraphQLGET: false,
    websockets: false,
    watch: false,
    persistedOperations: { profile: process.env['DOCUMENT'] ?? '' },
    hashFromPayload: ({ documentId }) => (typeof documentId === 'string' ? documentId : undefined),
  },
})

const handle = pgl.createServ(grafserv).createHandler()
createServer((request, response) => {
  if (request.url === '/healthz') response.end()
  else handle(request, response)
}).listen(Number(process.env['PORT']), '127.0.0.1')
