import { createServerDouble, refusal } from './server-double.ts'

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

export const recoveryCodes = Array.from({ length: 16 }, (_, index) => `K7MQ-2XVD-P3WN-8H${10 + index}`)
export const newRecoveryCodes = recoveryCodes.map((code) => code.replace('K7MQ', 'Z6BF'))
export const totpSecret = 'JBSWY3DPEHPK3PXPKVQW4ZDBJBSWY3DP'
export const otpauthUrl = `otpauth://totp/Lanyard:mara.lindqvist?secret=${totpSecret}&issuer=Lanyard`

export const sessionDouble = (changes: { id: string } & Record<string, unknown>) => ({
  device: 'Firefox on Linux',
  address: '198.51.100.23',
  place: null as string | null,
  method: 'PASSWORD',
  current: false,
  createdAt: daysAgo(3),
  lastSeenAt: daysAgo(0),
  expiresAt: daysAgo(-20),
  ...changes,
})

export const passkeyDouble = (changes: { id: string; name: string } & Record<string, unknown>) => ({
  createdAt: '2025-06-02T08:00:00Z',
  lastUsedAt: null as string | null,
  synced: true,
  provider: null as string | null,
  ...changes,
})

export const removedEmailDouble = (changes: { id: string; address: string } & Record<string, unknown>) => ({
  removedAt: daysAgo(2),
  usableUntil: daysAgo(-5),
  forgettable: true,
  ...changes,
})

interface Kept {
  passwordChangedAt?: string | null
  enabled?: boolean
  recoveryCodesLeft?: number
  requiredBy?: { id: string; name: string }[]
  passkeys?: ReturnType<typeof passkeyDouble>[]
  sessions?: ReturnType<typeof sessionDouble>[]
  recovery?: { startedAt: string; resetAt: string | null } | null
  activity?: Record<string, unknown>[]
  wayBackEmail?: string | null
  removedEmails?: ReturnType<typeof removedEmailDouble>[]
}

/**
 * The server with what one person signs in with, which the mutations change as the real one does. The right password
 * is "right horse", the right code 418205. `refuse` is thrown by the next mutation.
 */
export function createSecurity(kept: Kept = {}) {
  const passkeys = kept.passkeys ?? []
  const sessions = kept.sessions ?? [sessionDouble({ id: 's1', current: true })]
  const removedEmails = kept.removedEmails ?? []
  const twoFactor = {
    enabled: kept.enabled ?? false,
    enabledAt: kept.enabled ? '2026-08-04T08:00:00Z' : null,
    recoveryCodesLeft: kept.recoveryCodesLeft ?? (kept.enabled ? 16 : 0),
    requiredBy: kept.requiredBy ?? [],
  }
  const state = { refuse: undefined as Error | undefined, recovery: kept.recovery ?? null }
  const me = {
    id: 'u1',
    username: 'mara.lindqvist',
    passwordChangedAt:
      kept.passwordChangedAt === undefined ? '2026-08-04T08:00:00Z' : kept.passwordChangedAt,
    wayBackEmail: kept.wayBackEmail === undefined ? 'mara@example.com' : kept.wayBackEmail,
    removedEmails: () => [...removedEmails],
    twoFactor: () => ({ ...twoFactor }),
    passkeys: () => [...passkeys],
    sessions: () => [...sessions],
    recovery: () => state.recovery,
    stepUp: { methods: ['PASSWORD'], ssoUrl: null, validUntil: daysAgo(-1) },
    activity: {
      edges: (kept.activity ?? []).map((node, index) => ({ cursor: String(index), node })),
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    },
  }
  const beforeAll = () => {
    const { refuse } = state
    state.refuse = undefined
    if (refuse) throw refuse
  }
  const checkPassword = (password: string) => {
    if (password !== 'right horse') throw refusal('CREDENTIALS_WRONG')
  }
  const checkCode = (code: string) => {
    if (code !== '418205') throw refusal('CODE_WRONG', { field: 'code' })
  }
  const turn = (enabled: boolean) => {
    Object.assign(twoFactor, {
      enabled,
      enabledAt: enabled ? daysAgo(0) : null,
      recoveryCodesLeft: enabled ? 16 : 0,
    })
  }
  const passkeyOf = (id: string | undefined) => {
    const found = passkeys.find((passkey) => passkey.id === id)
    if (!found) throw refusal('NOT_FOUND')
    return found
  }
  interface Arguments {
    input: Record<
      | 'currentPassword'
      | 'newPassword'
      | 'password'
      | 'code'
      | 'passkeyId'
      | 'name'
      | 'sessionId'
      | 'removedEmailId',
      string
    >
  }

  const server = createServerDouble({
    me,
    changePassword: ({ input }: Arguments) => {
      beforeAll()
      checkPassword(input.currentPassword)
      return { me: null }
    },
    startTwoFactorSetup: () => {
      beforeAll()
      return { secret: totpSecret, otpauthUrl, recoveryCodes }
    },
    confirmTwoFactorSetup: ({ input }: Arguments) => {
      beforeAll()
      checkCode(input.code)
      turn(true)
      sessions.splice(0, sessions.length, ...sessions.filter(({ current }) => current))
      return { me }
    },
    disableTwoFactor: ({ input }: Arguments) => {
      beforeAll()
      checkPassword(input.password)
      checkCode(input.code)
      turn(false)
      return { me }
    },
    regenerateRecoveryCodes: () => {
      beforeAll()
      twoFactor.recoveryCodesLeft = 16
      return { recoveryCodes: newRecoveryCodes, me }
    },
    startPasskeyRegistration: () => {
      beforeAll()
      return {
        options: {
          challenge: 'AAAA',
          rp: { id: 'localhost', name: 'Lanyard' },
          user: { id: 'dTE', name: 'mara.lindqvist', displayName: 'Mara Lindqvist' },
          pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
          excludeCredentials: passkeys.map(({ id }) => ({ type: 'public-key', id })),
        },
      }
    },
    addPasskey: () => {
      beforeAll()
      const passkey = passkeyDouble({ id: 'new', name: 'Chrome on Linux', createdAt: daysAgo(0) })
      passkeys.unshift(passkey)
      return { passkey, me }
    },
    renamePasskey: ({ input }: Arguments) => {
      beforeAll()
      if (!input.name.trim()) throw refusal('BAD_USER_INPUT', { field: 'name', reason: 'EMPTY' })
      const passkey = passkeyOf(input.passkeyId)
      passkey.name = input.name
      return { passkey, me }
    },
    removePasskey: ({ input }: Arguments) => {
      beforeAll()
      passkeys.splice(passkeys.indexOf(passkeyOf(input.passkeyId)), 1)
      return { removedId: input.passkeyId, me }
    },
    revokeSession: ({ input }: Arguments) => {
      beforeAll()
      sessions.splice(
        sessions.findIndex(({ id }) => id === input.sessionId),
        1,
      )
      return { removedId: input.sessionId, me }
    },
    signOutOthers: () => {
      beforeAll()
      const ended = sessions.length - 1
      sessions.splice(0, sessions.length, ...sessions.filter(({ current }) => current))
      return { ended, me }
    },
    lockEverything: () => {
      beforeAll()
      return { me: null }
    },
    forgetRemovedEmail: ({ input }: Arguments) => {
      beforeAll()
      const place = removedEmails.findIndex(({ id }) => id === input.removedEmailId)
      removedEmails.splice(place, 1)
      return { removedId: input.removedEmailId, me }
    },
    finishRecovery: () => {
      beforeAll()
      state.recovery = null
      return { me }
    },
  })
  return { server, state }
}
