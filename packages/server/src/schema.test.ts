import { isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { createSchema, reads } from './schema.ts'

const schema = await createSchema()

test('every field of a type that is read from the database has a read', () => {
  const types = new Set([...reads.entries()].map(({ type }) => type))
  const unread = [...types].flatMap((name) => {
    const type = schema.getType(name)
    const fields = isObjectType(type) ? Object.keys(type.getFields()) : ['']
    return fields.filter((field) => !reads.find(name, field)).map((field) => `${name}.${field}`)
  })
  expect(unread).toEqual([])
})

test('no type is abstract, as the reader takes each fragment to apply', () => {
  const abstract = Object.values(schema.getTypeMap()).filter(
    (type) => 'getTypes' in type || 'getInterfaces' in type,
  )
  expect(abstract.filter((type) => !isObjectType(type)).map(({ name }) => name)).toEqual([])
})
