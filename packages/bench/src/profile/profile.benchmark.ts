import { join } from 'node:path'

import type { Candidate } from './measure.ts'
import { makePeople, peopleCount, somePeople } from './people.ts'
import {
  learnAnswers,
  profileOfLanyard,
  profileOfLimit,
  requireSameData,
  trustedDocumentId,
} from './profile-exchanges.ts'
import { ServerProcess } from './server-process.ts'
import { startThrowAwayPostgres } from './throw-away-postgres.ts'

/** So many people take turns. */
const hotPeople = 1000

/** The profile page of Lanyard's own client, and the least that Node and PostgreSQL need to answer it. */
export async function openProfileBenchmark(
  repository: string,
  opened: AsyncDisposableStack,
  onProgress: (step: string) => void,
): Promise<{ limit: Candidate; lanyard: Candidate }> {
  onProgress('Starting a throw-away PostgreSQL, and Lanyard, which makes the tables')
  const { url: databaseUrl } = opened.use(await startThrowAwayPostgres())
  const environment = { DATABASE_URL: databaseUrl }
  const main = join(repository, 'packages/server/dist/main.js')
  const lanyard = opened.use(await ServerProcess.start(main, environment))
  const limit = opened.use(
    await ServerProcess.start(join(import.meta.dirname, 'profile-limit.ts'), environment),
  )

  onProgress(`Making ${peopleCount.toLocaleString('en')} people`)
  await makePeople(databaseUrl)

  onProgress(`Comparing the answers for ${hotPeople.toLocaleString('en')} of them, byte by byte`)
  const people = await somePeople(databaseUrl, hotPeople)
  const manifest = join(repository, 'packages/client/dist/trusted-documents.json')
  const documentId = await trustedDocumentId(manifest, 'Profile')
  const limitExchanges = await learnAnswers(profileOfLimit(limit.port), people)
  const lanyardExchanges = await learnAnswers(profileOfLanyard(lanyard.port, documentId), people)
  requireSameData(limitExchanges, lanyardExchanges)

  return {
    limit: { name: 'limit: node:http, one statement', server: limit, exchanges: limitExchanges },
    lanyard: { name: 'Lanyard: signed in, by hash', server: lanyard, exchanges: lanyardExchanges },
  }
}
