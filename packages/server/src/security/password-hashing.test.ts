import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { testNeeding } from '../../test/needs.ts'
import { defaultLimits } from '../limits.ts'
import { PasswordHashing } from './password-hashing.ts'

test('a password fits its own hash and no other, and nobody’s fits none', async () => {
  await using hashing = new PasswordHashing(defaultLimits.signIn)
  const phc = await hashing.hash('correct horse battery staple')

  expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(hashing.isOutdated(phc)).toBe(false)
  expect(await hashing.verify(phc, 'correct horse battery staple')).toBe(true)
  expect(await hashing.verify(phc, 'correct horse battery stable')).toBe(false)
  expect(await hashing.verify(undefined, 'correct horse battery staple')).toBe(false)
  expect(await hashing.verify(undefined, '')).toBe(false)
})

testNeeding(
  'Linux',
  process.platform === 'linux',
  'the threads that hash give way to whoever answers requests',
  async () => {
    const before = nicenessOfThreads()
    await using hashing = new PasswordHashing({ concurrentHashes: 2, queuedHashes: 10 })
    await Promise.all(['first', 'second', 'third'].map((password) => hashing.hash(password)))

    const started = [...nicenessOfThreads()].filter(([thread]) => !before.has(thread))
    const usual = before.get(String(process.pid)) ?? 0
    expect(started.filter(([, niceness]) => niceness > usual)).toHaveLength(2)
  },
)

/** By thread; field 19 of stat, of which the second may hold spaces. Source: proc_pid_stat(5). */
function nicenessOfThreads(): Map<string, number> {
  return new Map(
    readdirSync('/proc/self/task').map((thread) => {
      const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
      return [thread, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])]
    }),
  )
}
