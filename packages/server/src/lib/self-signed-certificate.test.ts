import { createPublicKey, X509Certificate } from 'node:crypto'

import { expect, test } from 'vitest'

import { createSelfSignedCertificate } from './self-signed-certificate.ts'

test.each(['2027-11-26T17:20:00Z', '2056-01-01T00:00:00Z'])(
  'a certificate is valid until %s, and its key signed it',
  async (until) => {
    const validity = { from: new Date('2026-11-26T17:20:00Z'), until: new Date(until) }
    const { pem, privateKey } = await createSelfSignedCertificate('Lanyard', validity)
    const certificate = new X509Certificate(pem)

    expect(certificate.subject).toBe('CN=Lanyard')
    expect(new Date(certificate.validFrom)).toEqual(validity.from)
    expect(new Date(certificate.validTo)).toEqual(validity.until)
    expect(certificate.checkPrivateKey(privateKey)).toBe(true)
    expect(certificate.verify(createPublicKey(privateKey))).toBe(true)
  },
)
