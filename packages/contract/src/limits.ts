/** Lengths of what a person types, in characters. The server refuses what is longer; the client's fields stop there. */
export const lengths = {
  name: 100,
  publicName: 100,
  username: { min: 3, max: 64 },
  tokenName: 100,
  login: 254,
  /** Never truncated: what is longer is refused before it reaches the hash. */
  password: 1024,
  eventTitle: 200,
  eventBody: 4000,
  entityText: 200,
  url: 2000,
  idempotencyKey: 255,
  path: 500,
  passkeyName: 100,
  ssoConnectionName: 100,
  signInName: 40,
} as const

/** What a username looks like: it is typed, read aloud and compared without regard to case. Source: product.md C14. */
export const usernamePattern = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i

/** How a personal access token looks; published so that secret scanners can find leaked ones. */
export const tokenPattern = /^lanyard_[0-9A-Za-z]{36}$/

/** Rows per page a person may choose. The upper bound is also the largest `first` of a connection. */
export const rowsPerPage = { min: 5, max: 100, default: 25, choices: [10, 25, 50, 100] } as const

/** Days a token lives when nothing is said, and at most. */
export const tokenLifetimeDays = { default: 90, max: 365 } as const

export const tokensPerAccountUser = 20

/** Days before a token ends when its person is told. Source: decision 11. */
export const tokenWarningDays = [30, 7, 1] as const

/** Days an expired token is still listed. */
export const expiredTokenDays = 30

/** Hours for which a token that is replaced goes on working beside the new one. */
export const tokenOverlapHours = { default: 24, max: 168 } as const

/** Days an item stays in the inbox. Source: Sonar, notification preferences. */
export const notificationRetentionDays = 30

/** Addresses of one person, of each kind. Source for devices: S-O1. */
export const addressesPerUser = { emails: 10, phones: 10, pushDevices: 10, slackLinks: 5 } as const

/**
 * Days for which a proven email that was removed still takes its user back. As Google has it with changed recovery
 * addresses.
 */
export const removedEmailDays = 7

/** Codes that prove an address. Source: C1, S-J1. */
export const proof = { codeMinutes: 10, tries: 5, resendSeconds: 60 } as const

/** Days a delivery is kept. */
export const deliveryRetentionDays = 30
/** Pixels of each side of the pictures that are kept of a person's; the last part of their addresses, as `128.webp`. */
export const avatarSizes = [64, 128, 256] as const

/** Characters of a password at least; with a second factor fewer will do. Source: S-A3, NIST SP 800-63B 3.1.1.2. */
export const passwordLength = { min: 15, minWithSecondFactor: 8 } as const

/** Source: decision 10. */
export const recoveryCodes = { count: 16, letters: 16 } as const

export const passkeysPerUser = 20

/** How the name looks under which an organisation signs in: `/sso/<name>`. */
export const signInNamePattern = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/
