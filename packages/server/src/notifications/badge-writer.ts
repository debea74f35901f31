import type { SelectedField } from '../lib/selection.ts'
import type { NotificationBadge } from './badge.ts'

/** Writes of a badge what a document selects, as the JSON that executing the document would make. */
export type BadgeWriter = (badge: NotificationBadge) => string

export function badgeWriter(fields: readonly SelectedField[]): BadgeWriter {
  return objectWriter<NotificationBadge>('NotificationBadge', fields)
}

type Writer<Value> = (value: Value) => string

function objectWriter<Value extends object>(type: string, fields: readonly SelectedField[]): Writer<Value> {
  const members = fields.map((field, index) => {
    const label = `${index === 0 ? '{' : ','}${JSON.stringify(field.responseKey)}:`
    return { label, write: valueWriter(type, field) }
  })
  return (value) => {
    let text = ''
    for (const { label, write } of members) text += label + write(value)
    return `${text}}`
  }
}

function valueWriter(type: string, { name, type: fieldType, children }: SelectedField): Writer<object> {
  if (name === '__typename') {
    const typeName = JSON.stringify(type)
    return () => typeName
  }
  if (children.length === 0) return (value) => JSON.stringify(Reflect.get(value, name))
  const writeItem = objectWriter(fieldType, children)
  // The only objects of a badge stand in lists.
  return (value) => `[${(Reflect.get(value, name) as object[]).map(writeItem).join(',')}]`
}
