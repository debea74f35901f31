import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** One element of ASN.1 in its distinguished encoding. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const size = content.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const sequence = (...contents: readonly Buffer[]) => der(0x30, ...contents)
const text = (value: string) => der(0x0c, Buffer.from(value))
const time = (value: string) => der(0x17, Buffer.from(value))
const objectId = (...bytes: readonly number[]) => der(0x06, Buffer.from(bytes))

const sha256WithRsa = sequence(objectId(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05))

/** An RSA key and a certificate (RFC 5280) that it signed for itself, as services publish theirs. */
export function createSigningCertificate(commonName: string): { pem: string; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const name = sequence(der(0x31, sequence(objectId(0x55, 0x04, 0x03), text(commonName))))
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    sha256WithRsa,
    name,
    sequence(time('260101000000Z'), time('360101000000Z')),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', toBeSigned, privateKey))
  const certificate = sequence(toBeSigned, sha256WithRsa, signature)
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? []
  return {
    pem: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    privateKey,
  }
}
