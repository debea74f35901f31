import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

import { placesFile } from '../../test/places-file.ts'
import { Language } from '../language.ts'
import { Places } from './places.ts'

const folder = await mkdtemp(join(tmpdir(), 'lanyard-places-'))
afterAll(() => rm(folder, { recursive: true }))
const file = join(folder, 'places.mmdb')
await writeFile(
  file,
  placesFile({
    '198.51.100.0/24': {
      city: { names: { en: 'Munich', de: 'München' } },
      country: { names: { en: 'Germany', de: 'Deutschland' } },
    },
    '203.0.113.0/24': { country: { names: { en: 'Netherlands' } } },
  }),
)
const places = await Places.open(file)

test('a place is told in the language of the reader, or in English', () => {
  expect(places.placeOf('198.51.100.7', Language.DE)).toBe('München, Deutschland')
  expect(places.placeOf('198.51.100.7', Language.NL)).toBe('Munich, Germany')
  expect(places.placeOf('203.0.113.80', Language.DE)).toBe('Netherlands')
})

test('what is not in the file, and what is no address, has no place', async () => {
  for (const address of ['192.0.2.1', 'unknown', '', '::1']) {
    expect(places.placeOf(address, Language.EN)).toBeNull()
  }
  expect((await Places.open(null)).placeOf('198.51.100.7', Language.EN)).toBeNull()
})

test('a file that is no database of places is refused', async () => {
  const other = join(folder, 'other.mmdb')
  await writeFile(other, 'not a database')
  await expect(Places.open(other)).rejects.toThrow('Unknown')
  await expect(Places.open(join(folder, 'nowhere.mmdb'))).rejects.toThrow('ENOENT')
})
