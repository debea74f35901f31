import { z } from 'zod'

import type { Context } from '../../context.ts'
import { hashOfSecret, newSecretKey } from '../secret-keys.ts'
import type { SsoConnection } from './sso-connection.entity.ts'
import { UntrustedAnswer, type VouchedIdentity } from './sso-protocol.ts'

/** What a browser was sent to a provider for: to sign in, to prove again who it is, or to try a connection. */
export type SsoPurpose = 'SIGN_IN' | 'STEP_UP' | 'TEST'

/** What single sign-on began with, in the browser that began it. */
export interface SsoRequest {
  accountId: string
  connectionId: string
  /** Of the connection as it was: what began with other settings comes to nothing. */
  connectionChangedAt: Date
  purpose: SsoPurpose
  /** Whether the provider began it: good for a session, and for nothing else. */
  unsolicited: boolean
  /** Who was signed in; null for signing in. */
  userId: string | null
  sessionId: string | null
  /** A path of ours. */
  nextPath: string | null
  /** Of the cookie of the browser that it belongs to. */
  browserHash: Buffer
  createdAt: Date
}

type RequestContext = Pick<Context, 'em' | 'clock' | 'sealing'>

/** How long a person may take at the provider, and the browser between there and here. */
export const requestSeconds = 600
const vouchedSeconds = 60

/** Of a browser that has none yet, or holds what no cookie of ours can be, a new one. */
export function browserKeyOf({ cookies }: Pick<Context, 'cookies'>): string {
  const key = cookies?.ssoKey
  return key !== undefined && /^[A-Za-z0-9_-]{43}$/.test(key) ? key : newSecretKey()
}

/** Remembers that a browser went to a provider. */
export async function keepRequest(
  ctx: RequestContext,
  state: string,
  request: SsoRequest,
  details: Record<string, string>,
): Promise<void> {
  await insertRow(ctx, 'BEGUN', state, request, details, requestSeconds)
}

/** A request that nobody made: the provider led a browser here by itself. The browser is given the cookie of the key. */
export function unsolicitedRequest(
  { clock }: Pick<Context, 'clock'>,
  { accountId, id, changedAt }: SsoConnection,
  browserKey: string,
): SsoRequest {
  return {
    accountId,
    connectionId: id,
    connectionChangedAt: changedAt,
    purpose: 'SIGN_IN',
    unsolicited: true,
    userId: null,
    sessionId: null,
    nextPath: null,
    browserHash: hashOfSecret(browserKey),
    createdAt: clock.now(),
  }
}

const detailsSchema = z.record(z.string(), z.string())

/**
 * What the state was given for, once. Undefined when it is old, was used, or never given, and in another browser than
 * the one that began, to which it is left. `UNKNOWN` is a browser that did not bring its cookie: it shows it later.
 */
export async function takeRequest(
  ctx: RequestContext,
  state: string,
  browser: { key: string | undefined } | 'UNKNOWN',
): Promise<{ request: SsoRequest; details: Record<string, string> } | undefined> {
  const taken = await takeRow(ctx, 'BEGUN', state, browser)
  return taken && { request: taken.request, details: detailsSchema.parse(taken.content) }
}

/**
 * Keeps what a provider vouched for until the browser asks for it with its cookie, which does not come along with a
 * POST from the provider's page.
 * @returns what `/sso/finish?result=` takes, once and for a minute
 */
export async function keepVouched(
  ctx: RequestContext,
  request: SsoRequest,
  identity: VouchedIdentity,
): Promise<string> {
  const result = newSecretKey()
  await insertRow(ctx, 'VOUCHED', result, request, identity, vouchedSeconds)
  return result
}

/** Keeps that an answer was refused likewise: only the browser that began is told, and an administrator why. */
export async function keepRefused(
  ctx: RequestContext,
  request: SsoRequest,
  { detail }: UntrustedAnswer,
): Promise<string> {
  const result = newSecretKey()
  await insertRow(ctx, 'VOUCHED', result, request, { detail }, vouchedSeconds)
  return result
}

const text = z.string()
const refusalSchema = z.strictObject({ detail: text })
const identitySchema: z.ZodType<VouchedIdentity> = z.object({
  issuer: text,
  subject: text,
  email: text.nullable(),
  emailVerified: z.boolean(),
  name: text.nullable(),
  nameId: text.nullable(),
  sessionIndex: text.nullable(),
  authenticatedAt: z.coerce.date().nullable(),
})

/** What a provider vouched for, or why that is not believed; once, in the browser that it is about. */
export async function takeVouched(
  ctx: RequestContext,
  result: string,
  browserKey: string | undefined,
): Promise<{ request: SsoRequest; identity: VouchedIdentity | UntrustedAnswer } | undefined> {
  const taken = await takeRow(ctx, 'VOUCHED', result, { key: browserKey })
  if (!taken) return undefined
  const { request, content } = taken
  const refusal = refusalSchema.safeParse(content)
  const identity = refusal.success
    ? new UntrustedAnswer(refusal.data.detail)
    : identitySchema.parse(content)
  return { request, identity }
}

type Stage = 'BEGUN' | 'VOUCHED'

/** Whoever begins clears away more than they leave, so that it does not gather until the night. */
const forgottenAtOnce = 5

async function insertRow(
  { em, clock, sealing }: RequestContext,
  stage: Stage,
  secret: string,
  request: SsoRequest,
  content: object,
  seconds: number,
): Promise<void> {
  const hash = hashOfSecret(secret)
  const now = clock.now()
  const expiresAt = new Date(now.getTime() + seconds * 1000)
  await em.execute(
    `with forgotten as (
      delete from sso_request where hash in (
        select hash from sso_request where expires_at < ? order by expires_at limit ${forgottenAtOnce}
          for update skip locked))
      insert into sso_request (hash, stage, browser_hash, account_id, connection_id, connection_changed_at, purpose,
        unsolicited, user_id, session_id, next_path, details, created_at, expires_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      now,
      hash,
      stage,
      request.browserHash,
      request.accountId,
      request.connectionId,
      request.connectionChangedAt,
      request.purpose,
      request.unsolicited,
      request.userId,
      request.sessionId,
      request.nextPath,
      sealing.seal(JSON.stringify(content), bindingOfDetails(hash)),
      request.createdAt,
      expiresAt,
    ],
  )
}

interface TakenRow extends SsoRequest {
  details: Buffer
}

/** Deleted and committed by the statement itself: of many that come at once, one has it. */
async function takeRow(
  { em, clock, sealing }: RequestContext,
  stage: Stage,
  secret: string,
  browser: { key: string | undefined } | 'UNKNOWN',
): Promise<{ request: SsoRequest; content: unknown } | undefined> {
  const hash = hashOfSecret(secret)
  const browserHash = browser === 'UNKNOWN' ? null : hashOfSecret(browser.key ?? '')
  const [row] = await em.fork().execute<TakenRow[]>(
    `delete from sso_request
      where hash = ? and stage = ? and expires_at > ? and browser_hash = coalesce(?, browser_hash)
      returning account_id as "accountId", connection_id as "connectionId", purpose, unsolicited, details,
        connection_changed_at as "connectionChangedAt", user_id as "userId", session_id as "sessionId",
        next_path as "nextPath", browser_hash as "browserHash", created_at as "createdAt"`,
    [hash, stage, clock.now(), browserHash],
  )
  if (!row) return undefined
  const { details, ...request } = row
  const content: unknown = JSON.parse(sealing.open(details, bindingOfDetails(hash)))
  const [connectionChangedAt, createdAt] = [new Date(row.connectionChangedAt), new Date(row.createdAt)]
  return { request: { ...request, connectionChangedAt, createdAt }, content }
}

export function bindingOfDetails(hash: Buffer): string {
  return `sso_request:${hash.toString('hex')}:details`
}
