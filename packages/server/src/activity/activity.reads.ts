import type { Viewer } from '../context.ts'
import { column, columns, type TypeReads } from '../lib/read-model.ts'

export const activityReads: TypeReads<Viewer>[] = [
  {
    type: 'ActivityEntry',
    fields: {
      ...columns('id', 'tokenName', 'action', 'subject', 'at', 'address', 'device'),
      changes: column('changes'),
    },
  },
]
