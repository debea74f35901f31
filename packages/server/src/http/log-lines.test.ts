import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import Fastify from 'fastify'
import { expect, test } from 'vitest'

import { logLines } from './log-lines.ts'

/** What the log holds once the text was written to it. */
function written(text: string): string {
  const lines: string[] = []
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line))
      done()
    },
  })
  const options = logLines('warn')
  const app = Fastify({ logger: typeof options === 'object' ? { ...options, stream } : options })
  app.log.warn(text)
  return lines.join('')
}

test.each(['../app.ts', 'sso-routes.ts', 'error-scope.ts', '../delivery/inbound/serve-inbound.ts'])(
  'what %s says in the log is written down there in its words',
  async (file) => {
    const source = await readFile(join(import.meta.dirname, file), 'utf8')
    const texts = [...source.matchAll(/log\.(?:warn|error)\([^)]*?'([^']+)'\s*,?\s*\)/g)].map(
      ([, text]) => text,
    )
    expect(texts).not.toEqual([])
    for (const text of texts) expect(written(text ?? '')).toContain(text)
  },
)

test('a text that nobody wrote down stays out of the log', () => {
  expect(written('somebody@example.com')).not.toContain('somebody')
})
