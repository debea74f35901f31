import { z } from 'zod'
import type { Secret } from '../secret.ts'
import { httpUrl, incomplete, secret } from './variables.ts'

export interface SlackConfig {
  clientId: string
  clientSecret: Secret
  signingSecret: Secret
  baseUrl: URL
}

export const slackVariables = {
  SLACK_CLIENT_ID: z.string().optional(),
  SLACK_CLIENT_SECRET: secret.optional(),
  SLACK_SIGNING_SECRET: secret.optional(),
  SLACK_BASE_URL: httpUrl.default(new URL('https://slack.com')),
}

type Values = z.output<z.ZodObject<typeof slackVariables>>

/** It is configured whole or not at all. */
export function slackFaults(values: Values): string[] {
  return incomplete(values, ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_SIGNING_SECRET'])
}

export function slackOf(values: Values): SlackConfig | null {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = values
  if (!clientId || !clientSecret || !values.SLACK_SIGNING_SECRET) return null
  const baseUrl = values.SLACK_BASE_URL
  return { clientId, clientSecret, signingSecret: values.SLACK_SIGNING_SECRET, baseUrl }
}
