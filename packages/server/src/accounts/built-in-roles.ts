/** The built-in roles by key, with the ids they have in every database. */
export const builtInRoleIds = {
  owner: '00000000-0000-7000-8000-000000000001',
  admin: '00000000-0000-7000-8000-000000000002',
  billing: '00000000-0000-7000-8000-000000000003',
  broadcaster: '00000000-0000-7000-8000-000000000004',
  dispatcher: '00000000-0000-7000-8000-000000000005',
  technician: '00000000-0000-7000-8000-000000000006',
  member: '00000000-0000-7000-8000-000000000007',
} as const

export type BuiltInRole = keyof typeof builtInRoleIds
