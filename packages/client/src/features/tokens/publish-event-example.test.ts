import schemaText from '@lanyard/contract/schema.graphql?raw'
import { buildSchema, graphql } from 'graphql'
import { expect, test } from 'vitest'
import { publishEventExample } from './publish-event-example.ts'

const example = publishEventExample({
  origin: 'https://lanyard.example.com',
  accountId: '0197a2b4-0000-7000-8000-000000000001',
  recipient: 'mara.lindqvist',
})

test('the example is a request the API understands', async () => {
  const body = /--data '(?<body>[^']+)'$/.exec(example)?.groups?.['body'] ?? ''
  const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> }
  const published: unknown[] = []
  const rootValue = {
    publishEvent: ({ input }: { input: unknown }) => {
      published.push(input)
      return { accepted: true, notified: 1 }
    },
  }

  const schema = buildSchema(schemaText)
  const result = await graphql({ schema, source: query, variableValues: variables, rootValue })
  expect(result.errors).toBeUndefined()
  expect(published).toMatchObject([
    { accountId: '0197a2b4-0000-7000-8000-000000000001', recipients: ['mara.lindqvist'] },
  ])
})

test('the example names this server and leaves a place for the token', () => {
  expect(example).toContain('curl https://lanyard.example.com/graphql')
  expect(example).toContain("'Authorization: Bearer YOUR_TOKEN'")
})
