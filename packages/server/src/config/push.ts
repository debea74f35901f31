import { z } from 'zod'
import { list } from './variables.ts'

export interface PushConfig {
  /** `mailto:` or https: whom a push service may write to. Null: nobody was named, and the catcher takes pushes. */
  vapidSubject: string | null
  /** Push services that may be called; empty = any public one. Source: S-O1. */
  pushHosts: readonly string[]
}

export const pushVariables = {
  VAPID_SUBJECT: z
    .string()
    .regex(/^(?:mailto:\S+@\S+|https:\/\/\S+)$/, 'must begin with mailto: or https:')
    .optional(),
  PUSH_HOSTS: list.default([]),
}

export function pushOf(values: z.output<z.ZodObject<typeof pushVariables>>): PushConfig {
  return { vapidSubject: values.VAPID_SUBJECT ?? null, pushHosts: values.PUSH_HOSTS }
}
