/** The closed list of what a role may allow in its account. */
export const permissions = [
  'account.manage',
  'members.manage',
  'roles.manage',
  'billing.manage',
  'rules.manage',
  'events.publish',
  'alerts.open',
  'broadcasts.send',
  'schedules.manage',
  'work.read',
  'work.manage',
  'feeds.own',
  'tokens.others',
] as const

export type Permission = (typeof permissions)[number]
