import { expect, test } from 'vitest'

import { topFunctions } from './self-time.ts'

const frame = (functionName: string, url: string, lineNumber: number) => ({
  functionName,
  url,
  lineNumber,
  scriptId: '0',
  columnNumber: 0,
})

test('time is counted by function, without waiting and recording', () => {
  const nodes = [
    { id: 1, callFrame: frame('(idle)', '', -1) },
    { id: 5, callFrame: frame('post', 'node:inspector', 114) },
    {
      id: 2,
      callFrame: frame(
        'parse',
        'file:///repo/node_modules/.pnpm/pg@1.0.0/node_modules/pg/lib/parser.js',
        25,
      ),
    },
    { id: 3, callFrame: frame('', 'file:///repo/packages/server/dist/app.js', 9) },
    // The same function, called from somewhere else.
    {
      id: 4,
      callFrame: frame(
        'parse',
        'file:///repo/node_modules/.pnpm/pg@1.0.0/node_modules/pg/lib/parser.js',
        25,
      ),
    },
  ]
  const profile = {
    nodes,
    startTime: 0,
    endTime: 1000,
    samples: [5, 1, 2, 3, 4],
    timeDeltas: [50, 600, 100, 100, 200],
  }

  expect(topFunctions(profile, 10, '/repo')).toEqual([
    { name: 'parse pg/lib/parser.js:26', share: 0.75 },
    { name: '(anonymous) packages/server/dist/app.js:10', share: 0.25 },
  ])
})
