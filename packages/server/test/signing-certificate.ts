import {
  createSelfSignedCertificate,
  type SelfSignedCertificate,
} from '../src/lib/self-signed-certificate.ts'

/** As services publish theirs: valid at whatever time a test plays. */
export function createSigningCertificate(commonName: string): Promise<SelfSignedCertificate> {
  const validity = { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2036-01-01T00:00:00Z') }
  return createSelfSignedCertificate(commonName, validity)
}
