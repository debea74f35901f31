import { createServerDouble, refusal } from './server-double.ts'

const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()

const health = {
  lastDeliveredAt: null as string | null,
  lastFailedAt: null as string | null,
  lastFailedReason: null as string | null,
  lastFailedDetail: null as string | null,
}

const address = {
  primary: false,
  createdAt: '2026-11-01T08:00:00Z',
  verifiedAt: null as string | null,
  blockedAt: null as string | null,
  blockedReason: null as string | null,
  blockedDetail: null as string | null,
  proof: null as ReturnType<typeof proofBy> | null,
  health,
  namedInRules: [] as { id: string; name: string; accountName: string }[],
}

export const emailDouble = (changes: Partial<typeof address> & { id: string; address: string }) => ({
  ...address,
  ...changes,
})

export const phoneDouble = (
  changes: Partial<typeof address> & { id: string; number: string; blockedChannels?: string[] },
) => ({ ...address, country: 'US', lineType: 'MOBILE', blockedChannels: [], ...changes })

/** A code that was sent a moment ago. */
export const proofBy = (channel: string, triesLeft = 5, nextCodeInMinutes = 0) => ({
  channel,
  sentAt: minutesFromNow(0),
  expiresAt: minutesFromNow(10),
  triesLeft,
  nextCodeAt: minutesFromNow(nextCodeInMinutes),
})

interface Owned {
  emails: ReturnType<typeof emailDouble>[]
  phones: ReturnType<typeof phoneDouble>[]
  notificationChannels?: string[]
  /** Channels that this server cannot carry. */
  unconfigured?: string[]
}

/** The server with one person's addresses, which the mutations change as the real one does. The right code is 418205. */
export function createContacts(owned: Owned) {
  const { emails, phones, notificationChannels = [], unconfigured = [] } = owned
  const me = {
    id: 'u1',
    notificationChannels,
    pushShowsContent: false,
    emails: () => [...emails],
    phones: () => [...phones],
    pushDevices: [],
    slackLinks: [],
    channels: ['PUSH', 'SMS', 'VOICE', 'WHATSAPP', 'SLACK', 'EMAIL'].map((channel) => ({
      channel,
      configured: !unconfigured.includes(channel),
      missing: null,
      provenBy: 'CODE',
      alertsOnly: false,
      mostCharacters: null,
    })),
  }
  const find = <Row extends { id: string }>(rows: Row[], id: string | undefined): Row => {
    const row = rows.find((one) => one.id === id)
    if (!row) throw refusal('NOT_FOUND')
    return row
  }
  const prove = (row: typeof address, code: string) => {
    if (!row.proof) throw refusal('VERIFICATION_CODE_EXPIRED', { field: 'code' })
    if (row.proof.triesLeft === 0) throw refusal('VERIFICATION_CODE_EXHAUSTED', { field: 'code' })
    if (code !== '418205') {
      row.proof = { ...row.proof, triesLeft: row.proof.triesLeft - 1 }
      throw refusal('VERIFICATION_CODE_WRONG', { field: 'code' })
    }
    Object.assign(row, { proof: null, verifiedAt: minutesFromNow(0), blockedAt: null, blockedReason: null })
  }
  const remove = (rows: { id: string }[], id: string | undefined) => {
    rows.splice(rows.indexOf(find(rows, id)), 1)
    return { removedId: id, me }
  }

  interface Arguments {
    input: Record<'emailId' | 'phoneId' | 'address' | 'number' | 'channel' | 'code', string>
  }
  const server = createServerDouble({
    me,
    addEmail: ({ input }: Arguments) => {
      if (!input.address.includes('@')) {
        throw refusal('BAD_USER_INPUT', { field: 'address', reason: 'FORMAT' })
      }
      const email = emailDouble({ id: 'new', address: input.address, proof: proofBy('EMAIL', 5, 1) })
      emails.push(email)
      return { email, me }
    },
    verifyEmail: ({ input }: Arguments) => {
      const email = find(emails, input.emailId)
      prove(email, input.code)
      return { email, me }
    },
    resendEmailCode: ({ input }: Arguments) => {
      const email = find(emails, input.emailId)
      email.proof = proofBy('EMAIL', 5, 1)
      return { email, me }
    },
    setPrimaryEmail: ({ input }: Arguments) => {
      for (const email of emails) email.primary = email.id === input.emailId
      return { email: find(emails, input.emailId), me }
    },
    removeEmail: ({ input }: Arguments) => remove(emails, input.emailId),
    addPhone: ({ input }: Arguments) => {
      const phone = phoneDouble({ id: 'new', number: input.number, proof: proofBy(input.channel, 5, 1) })
      phones.push(phone)
      return { phone, me }
    },
    verifyPhone: ({ input }: Arguments) => {
      const phone = find(phones, input.phoneId)
      prove(phone, input.code)
      return { phone, me }
    },
    resendPhoneCode: ({ input }: Arguments) => {
      const phone = find(phones, input.phoneId)
      phone.proof = proofBy(input.channel, phone.proof?.triesLeft ?? 5, 1)
      return { phone, me }
    },
    setPrimaryPhone: ({ input }: Arguments) => {
      for (const phone of phones) phone.primary = phone.id === input.phoneId
      return { phone: find(phones, input.phoneId), me }
    },
    removePhone: ({ input }: Arguments) => remove(phones, input.phoneId),
    sendTestNotification: ({ input }: Arguments) => ({
      me,
      delivery: {
        id: 'd1',
        channel: input.channel,
        messageKind: 'TEST',
        address: 'as it was then',
        state: 'QUEUED',
        attempts: 0,
        createdAt: minutesFromNow(0),
      },
    }),
  })
  return server
}
