import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const documents = globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md'], { cwd: root })

test.each(documents)('the links of %s lead somewhere', (document) => {
  const text = readFileSync(join(root, document), 'utf8')
  const targets = Array.from(
    text.matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)/g),
    ([, target = '']) => target,
  )

  expect(targets.filter((target) => !existsSync(join(root, dirname(document), target)))).toEqual([])
})
