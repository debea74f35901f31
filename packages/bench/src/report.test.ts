import { expect, test } from 'vitest'

import { detailTable, figureTable } from './report.ts'

const sections = [
  {
    name: 'profile',
    measured: [
      {
        name: 'limit',
        rounds: [],
        median: { perSecond: 5000.4, cpuMicroseconds: 101.23, p99Milliseconds: 9 },
      },
      {
        name: 'Lanyard',
        rounds: [],
        median: { perSecond: 3000, cpuMicroseconds: 166, p99Milliseconds: 12.34 },
      },
    ],
    figures: [
      {
        what: 'profile',
        against: 'the limit',
        candidate: 'Lanyard',
        reference: 'limit',
        quantity: 'perSecond' as const,
        goal: { atLeast: 0.6 },
        ratio: 0.6,
        reached: true,
      },
    ],
  },
  {
    name: 'idle',
    measured: [{ name: 'bare ws', rounds: [], median: { kilobytesPerSocket: 9.04 } }],
    figures: [
      {
        what: 'memory',
        against: 'bare ws',
        candidate: 'Lanyard',
        reference: 'bare ws',
        quantity: 'kilobytesPerSocket' as const,
        goal: { atMost: 2.6 },
        ratio: 3.14,
        reached: false,
      },
    ],
  },
]

test('the figures of all benchmarks are one table', () => {
  expect(figureTable(sections).split('\n')).toEqual([
    'what      against     ratio    goal   reached',
    'profile   the limit    0.60   ≥ 0.6       yes',
    'memory    bare ws      3.14   ≤ 2.6        no',
  ])
})

test('what was not measured is left empty in the details', () => {
  expect(detailTable(sections).split('\n')).toEqual([
    '                    per second   server CPU   median   95 in 100   99 in 100   a socket   at the end',
    'profile   limit           5000     101.2 µs                           9.0 ms',
    '          Lanyard         3000     166.0 µs                          12.3 ms',
    'idle      bare ws                                                                9.0 kB',
  ])
})
