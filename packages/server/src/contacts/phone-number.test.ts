import { expect, test } from 'vitest'
import { spellings } from '../../test/phone-spellings.ts'
import { AppError } from '../errors/app-error.ts'
import { checkPhoneNumber, prefixOf } from './phone-number.ts'

const countries = ['US', 'CA', 'GB', 'DE', 'FR', 'ES', 'NL']

function reasonOf(text: string): string | undefined {
  try {
    checkPhoneNumber(text, 'number', countries)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.details.field === 'number' ? error.details.reason : undefined
  }
}

test('thirty spellings of a number are one number', () => {
  expect(new Set(spellings).size).toBe(30)
  for (const text of spellings) {
    expect(checkPhoneNumber(text, 'number', countries)).toEqual({
      number: '+12025550142',
      country: 'US',
      lineType: 'FIXED_LINE_OR_MOBILE',
    })
  }
})

test('the country and the kind of line follow from the number', () => {
  const read = (text: string) => checkPhoneNumber(text, 'number', countries)
  expect(read('+1 416 555 0123')).toMatchObject({ country: 'CA' })
  expect(read('+49 170 1234567')).toMatchObject({ country: 'DE', lineType: 'MOBILE' })
  expect(read('+49 30 12345678')).toMatchObject({ country: 'DE', lineType: 'FIXED_LINE' })
  expect(read('+44 (0)20 7183 8750')).toMatchObject({ number: '+442071838750', country: 'GB' })
})

test.each([
  ['nothing', ['', '   ', '\n'], 'EMPTY'],
  ['what is longer than any number', [`+1${' '.repeat(50)}2025550142`, '+'.repeat(10_000)], 'TOO_LONG'],
  ['what does not say its country', ['2025550142', '(202) 555-0142', '0170 1234567'], 'FORMAT'],
  [
    'extensions',
    ['+12025550142;ext=5', '+1 202 555 0142 ext. 5', '+12025550142x5', '+12025550142#5'],
    'FORMAT',
  ],
  [
    'other notations',
    ['tel:+12025550142', '2025550142;phone-context=+1', 'sip:+12025550142@example.com'],
    'FORMAT',
  ],
  [
    'letters and digits that only look like ours',
    ['+1202555O142', '+l2025550142', '+12025550١42', '＋12025550142', '+1２０２5550142'],
    'FORMAT',
  ],
  [
    'characters that nobody sees',
    ['+1202555\u200b0142', '+1202555\u00000142', '+1202555\u202e0142'],
    'FORMAT',
  ],
  [
    'lists',
    ['+12025550142,+12025550143', '+12025550142;+12025550143', '+12025550142\n+12025550143'],
    'FORMAT',
  ],
  [
    'numbers that are not given out',
    ['+15555550123', '+1202555014', '+120255501420', '+999123456789'],
    'FORMAT',
  ],
  [
    'emergency numbers',
    ['112', '911', '+112', '+1911', '+1 911', '+49110', '00 33 112', '999'],
    'NUMBER_KIND',
  ],
  ['short codes', ['12345', '40404', '+1 40404', '+44 6020'], 'NUMBER_KIND'],
  ['premium numbers', ['+19005550123', '+1 900 555 0123', '+33899123456', '+448712345678'], 'NUMBER_KIND'],
  ['numbers that share their cost', ['+491801234567', '+443457222345'], 'NUMBER_KIND'],
  ['numbers that lead on, or that are free to call', ['+447012345678', '+18005550123'], 'NUMBER_KIND'],
  ['satellites', ['+8816123456789', '+870773111632', '00 881 612 345 6789'], 'NUMBER_KIND'],
  [
    'numbers of the whole world',
    ['+88216123456', '+883510012345678', '+97912345678', '+8781012345678', '+80012345678', '+80812345678'],
    'NUMBER_KIND',
  ],
  ['other countries', ['+41446681800', '+447911123456', '+393123456789'], 'COUNTRY'],
])('%s are refused', (_what, texts, reason) => {
  for (const text of texts) expect({ text, reason: reasonOf(text) }).toEqual({ text, reason })
})

test('numbers that differ in the last four digits have one prefix', () => {
  expect(prefixOf('+12025550142')).toBe('+1202555')
  expect(prefixOf('+12025559999')).toBe('+1202555')
})
