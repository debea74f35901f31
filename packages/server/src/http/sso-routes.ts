import { signInNamePattern } from '@lanyard/contract/limits'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

import type { Context } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { beginSso, findByName } from '../security/sso/begin-sso.ts'
import { finishSso } from '../security/sso/finish-sso.ts'
import { finishOidc } from '../security/sso/oidc.ts'
import { ProviderSilent } from '../security/sso/oidc-provider.ts'
import { SsoConnection } from '../security/sso/sso-connection.entity.ts'
import { UntrustedAnswer, type VouchedIdentity } from '../security/sso/sso-protocol.ts'
import { rememberRefusal } from '../security/sso/sso-refusal.ts'
import { type SsoPurpose, type SsoRequest, takeRequest, takeVouched } from '../security/sso/sso-request.ts'
import { sendFailedTest, sendFinishedTest } from '../security/sso/sso-test-page.ts'

interface SsoParts {
  publicUrl: URL
  /** With the person whose session cookie the request carries, if it carries one. */
  createContext: (request: FastifyRequest, reply: FastifyReply) => Promise<Context>
}

const text = z.string().max(500)
const beginningSchema = z.object({
  purpose: z.enum(['SIGN_IN', 'STEP_UP', 'TEST']).default('SIGN_IN'),
  next: text.optional(),
})
const resultSchema = z.object({ result: text })

/** What a failed sign-on was for; for signing in when that is not known either. */
interface Attempt {
  purpose: SsoPurpose
  accountId: string | null
}

const unknownAttempt: Attempt = { purpose: 'SIGN_IN', accountId: null }

/**
 * Serves `/sso/…`, where browsers begin single sign-on and come back from an identity provider. These change something
 * although they are GETs, so they ask for what only this very browser was given.
 */
export function serveSso(app: FastifyInstance, { publicUrl, createContext }: SsoParts): void {
  app.get<{ Params: { connectionId: string } }>('/sso/start/:connectionId', async (request, reply) => {
    const ctx = await createContext(request, reply)
    const wish = beginningSchema.catch({ purpose: 'SIGN_IN' }).parse(request.query)
    return begin(ctx, request, reply, request.params.connectionId, wish)
  })

  app.get<{ Params: { name: string } }>('/sso/:name', async (request, reply) => {
    const ctx = await createContext(request, reply)
    const wish = beginningSchema.pick({ next: true }).catch({}).parse(request.query)
    const { name } = request.params
    const connectionId = await findByName(ctx, name).catch(() => undefined)
    if (connectionId !== undefined) {
      return begin(ctx, request, reply, connectionId, { ...wish, purpose: 'SIGN_IN' })
    }
    // With what was typed, if it can be a name, so that it can be mended.
    const typed = name.toLowerCase()
    const mendable = signInNamePattern.test(typed) ? `&name=${typed}` : ''
    return reply.redirect(`/sign-in?sso=NOT_FOUND${mendable}`, 303)
  })

  app.get('/sso/oidc/callback', async (request, reply) => {
    const ctx = await createContext(request, reply)
    const parameters = new URL(request.url, publicUrl).searchParams
    const [state = '', ...others] = parameters.getAll('state')
    const taken =
      others.length === 0 ? await takeRequest(ctx, state, { key: ctx.cookies?.ssoKey }) : undefined
    if (!taken) return fail(ctx, reply, request, unknownAttempt, new AppError('SIGN_IN_EXPIRED'))
    const { details } = taken
    return answer(ctx, request, reply, taken.request, async () => {
      const connection = await findUnchanged(ctx, taken.request)
      return finishOidc(ctx, connection, parameters, { state, details })
    })
  })

  app.get('/sso/finish', async (request, reply) => {
    const ctx = await createContext(request, reply)
    const { result } = resultSchema.catch({ result: '' }).parse(request.query)
    const taken = await takeVouched(ctx, result, ctx.cookies?.ssoKey)
    if (!taken) return fail(ctx, reply, request, unknownAttempt, new AppError('SIGN_IN_EXPIRED'))
    const { identity } = taken
    return identity instanceof UntrustedAnswer
      ? fail(ctx, reply, request, taken.request, identity)
      : answer(ctx, request, reply, taken.request, () => Promise.resolve(identity))
  })
}

async function begin(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  connectionId: string,
  { purpose, next }: { purpose: SsoPurpose; next?: string | undefined },
): Promise<FastifyReply> {
  try {
    return await reply.redirect(await beginSso(ctx, connectionId, { purpose, next: next ?? null }), 302)
  } catch (error) {
    const connection = await ctx.em.findOne(SsoConnection, { id: connectionId }).catch(() => null)
    return fail(ctx, reply, request, { purpose, accountId: connection?.accountId ?? null }, error)
  }
}

async function answer(
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  ssoRequest: SsoRequest,
  vouch: () => Promise<VouchedIdentity>,
): Promise<FastifyReply> {
  try {
    const end = await finishSso(ctx, ssoRequest, await vouch())
    return end.kind === 'TESTED' ? sendFinishedTest(reply, end) : await reply.redirect(end.path, 303)
  } catch (error) {
    return fail(ctx, reply, request, ssoRequest, error)
  }
}

/** @throws AppError SIGN_IN_EXPIRED for a connection that was changed or deleted since */
async function findUnchanged(
  { em }: Context,
  { accountId, connectionId: id, connectionChangedAt: changedAt }: SsoRequest,
): Promise<SsoConnection> {
  const connection = await em.findOne(SsoConnection, { accountId, id, changedAt })
  if (!connection) throw new AppError('SIGN_IN_EXPIRED')
  return connection
}

/** Tells of a refusal where the person came from. What was wrong with an answer is for the log, and for who tests. */
async function fail(
  ctx: Context,
  reply: FastifyReply,
  { log }: FastifyRequest,
  { purpose, accountId }: Attempt,
  error: unknown,
): Promise<FastifyReply> {
  const detail = error instanceof UntrustedAnswer || error instanceof ProviderSilent ? error.detail : null
  // Without the detail, which may quote what a provider sent.
  if (detail !== null) log.warn({ accountId, purpose }, 'single sign-on was refused')
  if (!(error instanceof AppError)) log.error(error)
  const code = error instanceof AppError ? error.code : 'INTERNAL'
  if (purpose === 'TEST' && ctx.viewer) return sendFailedTest(reply, ctx.viewer, { code, detail })
  if (purpose === 'STEP_UP') return reply.redirect(`/settings/security?sso=${code}`, 303)
  rememberRefusal(ctx, accountId)
  return reply.redirect(`/sign-in?sso=${code}`, 303)
}
