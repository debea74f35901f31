import { columns, jsonList, type TypeReads } from '../lib/read-model.ts'
import type { Viewer } from '../viewer.ts'

export const activityReads: TypeReads<Viewer>[] = [
  {
    type: 'ActivityEntry',
    fields: {
      ...columns('id', 'tokenName', 'action', 'subject', 'at', 'address', 'device'),
      changes: jsonList('changes'),
    },
  },
]
