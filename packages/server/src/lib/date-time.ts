import { GraphQLDateTime } from 'graphql-scalars'
import { GraphQLError, GraphQLScalarType } from 'graphql'

/**
 * An instant, as `2026-11-23T03:12:00.000Z`. Read from text with any offset (RFC 3339); always answered in UTC with
 * milliseconds, whether it comes from an entity or from JSON that PostgreSQL made.
 */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant (RFC 3339).',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize(value) {
    const date = value instanceof Date ? value : new Date(String(value))
    if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime cannot represent an invalid date')
    return date.toISOString()
  },
  parseValue: (value) => GraphQLDateTime.parseValue(value),
  parseLiteral: (node, variables) => GraphQLDateTime.parseLiteral(node, variables),
})
