import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { z } from 'zod'

import { AppError } from '../errors/app-error.ts'

const base64url = z.string().regex(/^[A-Za-z0-9_-]+$/)
/** Bytes of it are 1023 at most. Source: WebAuthn, 4, credential ID. */
const credentialId = base64url.max(1364)
const credential = { id: credentialId, rawId: credentialId, type: z.literal('public-key') }

const registrationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string()).max(20).optional().catch([]),
  }),
})

const authenticationResponse = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
})

const clientData = z.object({ challenge: base64url.max(100), crossOrigin: z.boolean().optional() })

/** As browsers know them; more may come, and are left out. */
const transports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const

/**
 * What a browser answers to a registration, of the members that are looked at.
 * @throws AppError PASSKEY_REFUSED
 */
export function readRegistration(given: unknown): RegistrationResponseJSON {
  const { response, ...rest } = parse(registrationResponse, given)
  const known = transports.filter((transport) => response.transports?.includes(transport))
  return { ...rest, response: { ...response, transports: known }, clientExtensionResults: {} }
}

/** @throws AppError PASSKEY_REFUSED */
export function readAuthentication(given: unknown): AuthenticationResponseJSON {
  const { response, ...rest } = parse(authenticationResponse, given)
  const { userHandle, ...signed } = response
  return {
    ...rest,
    response: { ...signed, ...(userHandle ? { userHandle } : {}) },
    clientExtensionResults: {},
  }
}

/**
 * The challenge that was signed. A page of another site that holds ours in a frame is refused, whatever its origin.
 * @throws AppError PASSKEY_REFUSED
 */
export function challengeOf({ response }: RegistrationResponseJSON | AuthenticationResponseJSON): string {
  let told: unknown
  try {
    told = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString('utf8'))
  } catch {
    throw new AppError('PASSKEY_REFUSED')
  }
  const { challenge, crossOrigin } = parse(clientData, told)
  if (crossOrigin) throw new AppError('PASSKEY_REFUSED')
  return challenge
}

function parse<Output>(schema: z.ZodType<Output>, given: unknown): Output {
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw new AppError('PASSKEY_REFUSED')
  return parsed.data
}
