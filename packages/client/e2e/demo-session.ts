import { join } from 'node:path'
import { request } from '@playwright/test'
import { demoPeople, password } from './make-person.ts'
import { signIn, withSession } from './server-calls.ts'

/** Where the cookies of the demonstration's admin are kept while the journeys last. */
export const demoSessionFile = join(process.env['LANYARD_E2E_DATA_DIR'] ?? '', 'demo-session.json')

/**
 * One session for everybody who only looks at the demonstration. Two sign-ins of one person at the same moment are one
 * too many: the server takes the second for a guess and has it wait.
 */
export async function openDemoSession(baseURL: string): Promise<void> {
  const requests = await request.newContext({ baseURL })
  await signIn(withSession(requests), demoPeople.admin.username, password)
  await requests.storageState({ path: demoSessionFile })
  await requests.dispose()
}
