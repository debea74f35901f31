import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** The options of a ceremony, as the server gives them to a browser. */
interface CreationOptions {
  challenge: string
  rp: { id: string }
  user: { id: string }
}

interface RequestOptions {
  challenge: string
  rpId: string
  allowCredentials: { id: string }[]
}

/** What may be wrong with an answer; each member replaces what a good browser and authenticator would say. */
export interface Tampering {
  challenge?: string
  origin?: string
  rpId?: string
  type?: string
  crossOrigin?: boolean
  userVerified?: boolean
  userPresent?: boolean
  counter?: number
  userHandle?: string | null
  credentialId?: string
  /** Signs with a key that nobody has registered. */
  foreignKey?: boolean
}

interface Credential {
  id: string
  rpId: string
  userHandle: string
  privateKey: KeyObject
  counter: number
}

const page = 'http://localhost:4000'
const flags = {
  userPresent: 0x01,
  userVerified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
}

/**
 * A browser with an authenticator in it, made of WebAuthn's own text: ES256, keys that find their person by themselves,
 * no attestation. Nothing of the library that checks its answers is used.
 */
export class SoftwareAuthenticator {
  readonly #credentials: Credential[] = []
  readonly #aaguid: Buffer
  /** Counts its uses, as security keys do; those that are synced do not. */
  readonly #counts: boolean

  constructor({ aaguid = '00000000-0000-0000-0000-000000000000', counts = false } = {}) {
    this.#aaguid = Buffer.from(aaguid.replaceAll('-', ''), 'hex')
    this.#counts = counts
  }

  /** `navigator.credentials.create`, as JSON. */
  create({ challenge, rp, user }: CreationOptions, tampering: Tampering = {}) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const id = randomBytes(32).toString('base64url')
    const credential = { id, rpId: rp.id, userHandle: user.id, privateKey, counter: 0 }
    this.#credentials.push(credential)

    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    // COSE: EC2 key, ES256, P-256, x, y. Source: RFC 9053, 7.1.1.
    const cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y, 'base64url'),
    ])
    const idLength = Buffer.alloc(2)
    idLength.writeUInt16BE(32)
    const authenticatorData = Buffer.concat([
      this.#head(credential, flags.attested, tampering),
      this.#aaguid,
      idLength,
      Buffer.from(tampering.credentialId ?? id, 'base64url'),
      cose,
    ])
    // CBOR of { fmt: "none", attStmt: {}, authData }.
    const attestationObject = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
      Buffer.from([authenticatorData.length]),
      authenticatorData,
    ])
    const clientData = clientDataOf('webauthn.create', challenge, tampering)
    return {
      id: tampering.credentialId ?? id,
      rawId: tampering.credentialId ?? id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal', 'hybrid', 'of-tomorrow'],
      },
    }
  }

  /** `navigator.credentials.get`, as JSON. */
  get({ challenge, rpId, allowCredentials }: RequestOptions, tampering: Tampering = {}) {
    const allowed = this.#credentials.filter(
      ({ id, rpId: own }) =>
        own === rpId && (allowCredentials.length === 0 || allowCredentials.some((one) => one.id === id)),
    )
    const credential = allowed.at(-1) ?? this.#credentials.at(-1)
    if (!credential) throw new Error('there is no passkey')

    if (this.#counts) credential.counter++
    const authenticatorData = this.#head(credential, 0, tampering)
    const clientData = clientDataOf('webauthn.get', challenge, tampering)
    const key = tampering.foreignKey
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      : credential.privateKey
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), key)
    const { userHandle = credential.userHandle, credentialId = credential.id } = tampering
    return {
      id: credentialId,
      rawId: credentialId,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: signature.toString('base64url'),
        userHandle,
      },
    }
  }

  #head(
    { rpId, counter }: Credential,
    moreFlags: number,
    { rpId: wrongRpId, userVerified = true, userPresent = true, counter: wrongCounter }: Tampering,
  ): Buffer {
    const said = Buffer.alloc(5)
    const synced = this.#counts ? 0 : flags.backupEligible | flags.backedUp
    said.writeUInt8(
      (userPresent ? flags.userPresent : 0) | (userVerified ? flags.userVerified : 0) | synced | moreFlags,
    )
    said.writeUInt32BE(wrongCounter ?? counter, 1)
    return Buffer.concat([sha256(Buffer.from(wrongRpId ?? rpId)), said])
  }
}

function clientDataOf(
  type: string,
  challenge: string,
  { challenge: wrongChallenge, origin = page, type: wrongType, crossOrigin = false }: Tampering,
): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: wrongType ?? type,
      challenge: wrongChallenge ?? challenge,
      origin,
      crossOrigin,
    }),
  )
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
