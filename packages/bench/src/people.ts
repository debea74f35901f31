import { Client } from 'pg'

import { sessionKeyOf, tokenOf } from '../../server/test/crowd.ts'

/** Whom a request is made for. */
export interface Person {
  number: number
  userId: string
  sessionId: string
  /** The value of their session cookie; the database knows its hash. */
  sessionKey: string
  /** Acts in `accountId`, where everybody with an even number is an administrator. */
  token: string
  accountId: string
}

/** `count` numbers from 1 to `people`, evenly spread; only even ones as long as there are twice as many people. */
export function spreadOver(people: number, count: number): number[] {
  const step = people / count
  return Array.from({ length: count }, (_, index) => {
    const number = 1 + Math.floor(index * step)
    return step >= 2 && number % 2 === 1 ? number + 1 : number
  })
}

/** Those with these numbers, in this order. */
export async function findPeople(databaseUrl: string, numbers: readonly number[]): Promise<Person[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<Pick<Person, 'userId' | 'sessionId' | 'accountId'>>(
      `select s.user_id as "userId", s.session_id as "sessionId", m.account_id as "accountId"
        from unnest($1::text[], $2::text[]) with ordinality as wanted (session_key, token, position)
          join session_key s on s.hash = sha256(convert_to(session_key, 'UTF8'))
          join token_key k on k.hash = sha256(convert_to(token, 'UTF8'))
          join personal_access_token t on t.user_id = k.user_id and t.id = k.token_id
          join account_user m on m.user_id = t.user_id and m.id = t.account_user_id
        order by position`,
      [numbers.map(sessionKeyOf), numbers.map(tokenOf)],
    )
    return numbers.map((number, index) => {
      const row = rows[index]
      if (!row || rows.length !== numbers.length)
        throw new Error('the crowd lacks people who are to be asked')
      return { ...row, number, sessionKey: sessionKeyOf(number), token: tokenOf(number) }
    })
  } finally {
    await client.end()
  }
}
