/** What the link of a mail carries: whose code it is, and the code, which no server sees before a click. */
export interface LinkedCode {
  emailId: string
  code: string
}

/** As `?verify=<id of the email>#code=<six digits>`; undefined for any other address. */
export function linkedCodeOf({ search, hash }: { search: string; hash: string }): LinkedCode | undefined {
  const emailId = new URLSearchParams(search).get('verify')
  const code = new URLSearchParams(hash.slice(1)).get('code')
  return emailId && code && /^\d{6}$/.test(code) ? { emailId, code } : undefined
}
