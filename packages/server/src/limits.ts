import { availableParallelism } from 'node:os'

import { z } from 'zod'

const count = z.number().int().min(1)
const seconds = z.number().min(0)

/**
 * Every limit of the server, in one place. `LIMITS` may set any of them, as `{"cost": 2000, "signIn":
 * {"addressFreeFailures": 50}}`; a name that is not here is refused. Source, where none is named: S-G1 and decision 7.
 */
const limitsSchema = z.strictObject({
  /** Bytes of a request's body. */
  bodyBytes: count.default(100_000),
  /** What HTTP takes of one request. Source: S-P6. */
  request: z
    .strictObject({
      /** How long the head may take to arrive, and the whole. */
      headSeconds: seconds.default(10),
      seconds: seconds.default(30),
      headBytes: count.default(16_384),
      headers: count.default(100),
    })
    .prefault({}),
  /** Tokens the parser reads before it gives up. */
  documentTokens: count.default(2000),
  /** Fields of a document, those of a fragment wherever it is spread. */
  fields: count.default(1000),
  /** Fields inside fields. */
  depth: count.default(8),
  rootFields: count.default(10),
  /** How often one field may be asked for under different names. */
  aliasesPerField: count.default(15),
  directives: count.default(20),
  /** Price of a document: an object is 1, and a list multiplies what is in it by its `first`. */
  cost: count.default(1000),
  /** What one person may ask for in a minute, in such points, over each server process. */
  pointsPerMinute: count.default(600_000),
  /** The `first` that a list without one is priced at. */
  listPriceWhenAbsent: count.default(100),

  socketsPerSession: count.default(5),
  socketsPerProcess: count.default(60_000),
  subscriptionsPerSocket: count.default(20),
  socketMessagesPerSecond: count.default(20),
  socketFrameBytes: count.default(65_536),
  /** A socket that has not said who it is by then is closed. */
  socketInitSeconds: seconds.default(3),
  /** A reader that takes nothing for so long is closed, and so is one for whom so much is waiting. Source: R-14. */
  socketStalledSeconds: seconds.default(10),
  socketUnsentBytes: count.default(1_000_000),

  /** Test messages of one person, to all their addresses together. */
  testsPerMinute: count.default(10),
  /** What carriers send us: reports, answers, mail that came back. Source: S-L6. */
  inbound: z
    .strictObject({
      bodyBytes: count.default(1_000_000),
      /** Requests of one address that are at work at once; the next is asked to come again. */
      concurrentPerAddress: count.default(100),
      /** Forged or unreadable ones of one address in a minute, before it is not listened to for the rest of it. */
      refusalsPerMinute: count.default(100),
      /** Connections of mail servers. */
      mailConnections: count.default(50),
    })
    .prefault({}),

  /** Guessing passwords. Source: S-B3. */
  signIn: z
    .strictObject({
      /** The wait after the first wrong password; it doubles up to the longest. */
      firstWaitSeconds: seconds.default(1),
      longestWaitSeconds: seconds.default(900),
      /** After so long without a failure the count starts anew. */
      forgetAfterSeconds: seconds.default(86_400),
      /** Failures of one address, over all accounts, before it waits as well. */
      addressFreeFailures: count.default(20),
      globalFailuresPerMinute: count.default(600),
      /** Password hashes computed at once; each takes a core and 19 MiB or more. One core is left for everybody else. */
      concurrentHashes: count.default(Math.max(1, availableParallelism() - 1)),
      /** Sign-ins that may wait for a hash; the next one is refused. */
      queuedHashes: count.default(200),
    })
    .prefault({}),

  /** Pictures of people. Source: S-P1. */
  avatar: z
    .strictObject({
      bytes: count.default(2_000_000),
      /** Pixels of each side, known before anything is decoded. */
      side: count.default(4096),
      /** Tries of one person, those that were refused among them. */
      perHour: count.default(20),
      /** What arrives at once is held in memory, each up to the bytes above; the next one is refused. */
      concurrentUploads: count.default(30),
      /** Decoders, each a process, and what may wait for one. */
      concurrentDecoders: count.default(1),
      queuedDecoders: count.default(30),
      /** What one decoder may take before it is ended. */
      decoderSeconds: count.default(10),
      decoderMegabytes: count.default(256),
    })
    .prefault({}),

  /** How long a sign-in lasts. Source: decision 8. */
  session: z
    .strictObject({
      idleSeconds: seconds.default(43_200),
      absoluteSeconds: seconds.default(2_592_000),
      absoluteSecondsSuperAdmin: seconds.default(86_400),
      /** How long a proof of who one is counts for what asks for a fresh one. Source: decision 8. */
      provenSeconds: seconds.default(600),
      /** How long a sign-in waits for its second factor or for single sign-on. */
      pendingSeconds: seconds.default(600),
    })
    .prefault({}),

  /** Codes of second factors. Source: S-B3. */
  secondFactor: z
    .strictObject({
      failuresPerSignIn: count.default(5),
      failuresPerHour: count.default(10),
      /** In a row, ever: from then on only recovery codes count. */
      failuresEver: count.default(100),
      /** How long a set-up waits for its first code. Source: S-B4. */
      setupSeconds: seconds.default(600),
      /** How long a passkey may take to answer. */
      challengeSeconds: seconds.default(300),
    })
    .prefault({}),

  /**
   * Browsers that go to an identity provider and do not come back as somebody, in ten minutes, which is as long as each is
   * remembered. Ours: more than an office needs behind one address, and few enough to keep.
   */
  singleSignOn: z
    .strictObject({
      /** Of one person, one browser that somebody has signed in from before, or else one address. */
      perSource: count.default(100),
      /** Over all addresses; persons and browsers that are known are not among them. */
      ofStrangers: count.default(5000),
    })
    .prefault({}),

  /** Links that set a new password. Source: S-C2, S-C4. */
  passwordReset: z
    .strictObject({
      linkSeconds: seconds.max(3600).default(1800),
      perAddressHour: count.default(3),
      perSourceHour: count.default(20),
    })
    .prefault({}),

  /** Codes that prove addresses; those of one number or mailbox are a minute apart as well. */
  codes: z
    .strictObject({
      /** Wrong codes of one person in 24 hours, over all addresses. Source: S-J1. */
      failuresPerPersonDay: count.default(10),
      /** To phones. Of calls, half as many. Source: S-J2. */
      phones: z
        .strictObject({
          perNumberTenMinutes: count.default(3),
          perNumberDay: count.default(6),
          perPersonDay: count.default(10),
          /** From one network address. */
          perSourceHour: count.default(20),
          /** To numbers that differ in the last four digits only. */
          perPrefixHour: count.default(10),
          /** Ours, as S-J2 asks for a breaker and gives no figure: above it, something is wrong anyhow. */
          perCountryHour: count.default(200),
          everybodyDay: count.default(2000),
          /** A prefix of whose last so many codes fewer than this share came back is stopped for the day. */
          brakeCodes: count.default(20),
          brakeShare: z.number().min(0).max(1).default(0.2),
        })
        .prefault({}),
      /** To mailboxes. Ours: mail costs nothing, but unasked mail costs the sender's name. */
      emails: z
        .strictObject({
          perAddressTenMinutes: count.default(3),
          perAddressDay: count.default(6),
          perPersonDay: count.default(20),
          perSourceHour: count.default(60),
          perDomainHour: count.default(500),
          everybodyDay: count.default(20_000),
        })
        .prefault({}),
      /**
       * Of an hour with at least so many codes to a country, more without an answer than this many times the usual share
       * raise an alarm, which stops nothing. Ours; the signal: authgear, docs/specs/fraud-protection.md.
       */
      alarm: z
        .strictObject({
          codes: count.default(20),
          timesUsual: z.number().min(1).default(2),
          /** Where too few were sent in the week before to tell. */
          usualShareWhenUnknown: z.number().min(0).max(1).default(0.25),
          /** More than this raises it in any case. */
          certainShare: z.number().min(0).max(1).default(0.9),
        })
        .prefault({}),
    })
    .prefault({}),
})

export type Limits = z.output<typeof limitsSchema>

export const defaultLimits: Limits = limitsSchema.parse({})

/** @returns the limits, or one line for each thing wrong with the JSON, as "LIMITS.signIn.cost: …" */
export function parseLimits(json: string): { limits: Limits } | { faults: string[] } {
  let given: unknown
  try {
    given = JSON.parse(json)
  } catch {
    return { faults: ['LIMITS: is not JSON; it reads as {"cost": 2000, "session": {"idleSeconds": 3600}}'] }
  }
  const parsed = limitsSchema.safeParse(given)
  if (parsed.success) return { limits: parsed.data }

  return {
    faults: parsed.error.issues.flatMap((issue) => {
      const path = ['LIMITS', ...issue.path].join('.')
      return issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${path}.${key}: there is no such limit`)
        : [`${path}: ${issue.message}`]
    }),
  }
}
