import { z } from 'zod'

import type { SlackConfig } from '../config/slack.ts'
import { readJson } from '../delivery/carriers/read-json.ts'
import { AppError } from '../errors/app-error.ts'
import type { OutboundHttp } from '../lib/outbound-http.ts'

/** To write to a person's direct messages, and to read how they are called there. */
const scopes = ['chat:write', 'im:write', 'users:read']

/** A member of a workspace, with the token of our app there. */
export interface SlackMember {
  teamId: string
  workspace: string
  slackUserId: string
  /** Without the @. */
  handle: string
  token: string
}

interface SlackApp {
  config: SlackConfig
  /** Where Slack leads back to. */
  redirectUri: string
}

/** Where a person says to Slack who they are, and that we may write to them. */
export function slackAuthorizeUrl({ config, redirectUri }: SlackApp, state: string): string {
  const url = new URL('/oauth/v2/authorize', config.baseUrl)
  url.search = new URLSearchParams({
    client_id: config.clientId,
    scope: scopes.join(','),
    redirect_uri: redirectUri,
    state,
  }).toString()
  return url.href
}

// What Slack says is stored, so it must fit the columns.
const id = z.string().regex(/^[A-Z0-9]{1,32}$/)
const grantSchema = z.object({
  ok: z.literal(true),
  token_type: z.literal('bot'),
  access_token: z.string().min(1).max(500),
  team: z.object({ id, name: z.string() }),
  authed_user: z.object({ id }),
})
const memberSchema = z.object({
  ok: z.literal(true),
  user: z.object({
    name: z.string(),
    profile: z.object({ display_name: z.string().optional() }).optional(),
  }),
})

/**
 * Who the person is that came back with this code.
 * @throws AppError SLACK_LINK_FAILED for a code that Slack did not give or that was used, and when Slack does not answer
 */
export async function readSlackMember(
  { config, redirectUri, http }: SlackApp & { http: Pick<OutboundHttp, 'request'> },
  code: string,
): Promise<SlackMember> {
  const call = async <Said>(method: string, authorization: string, form: object, said: z.ZodType<Said>) => {
    const answer = await http.request({
      method: 'POST',
      url: new URL(`/api/${method}`, config.baseUrl),
      headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...form }).toString(),
    })
    const found = answer.kind === 'answered' ? readJson(answer.body, said) : undefined
    if (!found) throw new AppError('SLACK_LINK_FAILED')
    return found
  }
  const credentials = Buffer.from(`${config.clientId}:${config.clientSecret.reveal()}`).toString('base64')
  const grant = await call(
    'oauth.v2.access',
    `Basic ${credentials}`,
    { code, redirect_uri: redirectUri },
    grantSchema,
  )
  const { access_token: token, team, authed_user: member } = grant
  const { user } = await call('users.info', `Bearer ${token}`, { user: member.id }, memberSchema)
  return {
    teamId: team.id,
    workspace: asName(team.name) || team.id,
    slackUserId: member.id,
    handle: asName(user.profile?.display_name ?? '') || asName(user.name) || member.id,
    token,
  }
}

/** Names in Slack are anybody's choice: one line, of at most so many characters, that turns nothing around. */
function asName(text: string): string {
  const visible = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return [...visible.replace(/^@/, '')].slice(0, 100).join('')
}
