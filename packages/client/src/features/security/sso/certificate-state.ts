export type CertificateState = 'valid' | 'ending' | 'over'

const warningMilliseconds = 30 * 86_400_000

/** A month is enough to agree on a new one with whoever runs the provider. */
export function certificateState(expiresAt: Date, now: Date): CertificateState {
  const left = expiresAt.getTime() - now.getTime()
  if (left <= 0) return 'over'
  return left <= warningMilliseconds ? 'ending' : 'valid'
}
