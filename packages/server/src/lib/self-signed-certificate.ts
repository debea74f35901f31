import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'

export interface SelfSignedCertificate {
  pem: string
  privateKey: KeyObject
}

/** An RSA key and a certificate (RFC 5280) that it signed for itself, as SAML and services publish theirs. */
export async function createSelfSignedCertificate(
  commonName: string,
  { from, until }: { from: Date; until: Date },
): Promise<SelfSignedCertificate> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const name = sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), text(commonName))))
  const serialNumber = randomBytes(16)
  // It is a positive number without a zero before it.
  serialNumber[0] = 0x40 | (serialNumber.readUInt8() & 0x3f)
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serialNumber),
    sha256WithRsa,
    name,
    sequence(time(from), time(until)),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', toBeSigned, privateKey))
  return { pem: pemOf(sequence(toBeSigned, sha256WithRsa, signature)), privateKey }
}

export function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** One element of ASN.1 in its distinguished encoding. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(0x30, ...contents)
}

function text(value: string): Buffer {
  return der(0x0c, Buffer.from(value))
}

/** Years until 2049 have two digits, later ones four. Source: RFC 5280, section 4.1.2.5. */
function time(value: Date): Buffer {
  const digits = `${value.toISOString().replaceAll(/[-:T]|\.\d+Z$/g, '')}Z`
  return value.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits))
}

function objectId(...bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes))
}

const sha256WithRsa = sequence(objectId(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05))
