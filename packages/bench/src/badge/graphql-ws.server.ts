import { createServer } from 'node:http'

import { createPubSub } from '@graphql-yoga/subscription'
import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { useServer as serveSockets } from 'graphql-ws/use/ws'
import pg from 'pg'
import { WebSocketServer } from 'ws'

import type { NotificationBadge } from '../../../server/src/notifications/badge.ts'
import type { InboxMessage } from '../../../server/src/notifications/inbox-topic.ts'

/**
 * The badge as the manuals of graphql-ws and type-graphql show it: a pub/sub (the one that both Yoga and type-graphql
 * bring), a topic for each person, and an execution of the operation for each push. `?user=<id>` says who asks: no
 * sign-in, no snapshot. Written on graphql-js, as type-graphql's own resolvers would cost more.
 */
const pubSub = createPubSub<{ badge: [userId: string, badge: NotificationBadge] }>()

interface Context {
  userId: string
}

const count = { type: new GraphQLNonNull(GraphQLInt) }
const badgeType = new GraphQLObjectType({
  name: 'NotificationBadge',
  fields: { unread: count, alerts: count, version: count },
})
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: { version: { type: GraphQLString } } }),
  subscription: new GraphQLObjectType<unknown, Context>({
    name: 'Subscription',
    fields: {
      notificationBadge: {
        type: new GraphQLNonNull(badgeType),
        subscribe: (_root, _arguments, { userId }) => pubSub.subscribe('badge', userId),
        resolve: (badge: unknown) => badge,
      },
    },
  }),
})

const server = createServer((_request, response) => response.end())
serveSockets(
  {
    schema,
    context: ({ extra }): Context => {
      const { searchParams } = new URL(extra.request.url ?? '', 'http://localhost')
      return { userId: searchParams.get('user') ?? '' }
    },
  },
  new WebSocketServer({ server, path: '/graphql' }),
)

const listener = new pg.Client({ connectionString: process.env['DATABASE_URL'] })
listener.on('notification', ({ payload = '' }) => {
  const { userId, badge } = JSON.parse(payload) as InboxMessage
  if (badge) pubSub.publish('badge', userId, badge)
})
await listener.connect()
await listener.query('listen inbox')
server.listen(Number(process.env['PORT']), '127.0.0.1')
