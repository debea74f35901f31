import { expect, test } from 'vitest'
import { isWebAddress } from './web-address.ts'

test.each([
  'https://desk.example.com/tickets/20418',
  'http://desk.example.com',
  'HTTPS://DESK.EXAMPLE.COM',
])('%s may be a link', (url) => expect(isWebAddress(url)).toBe(true))

test.each([
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'data:text/html,hi',
  '/tickets/1',
  'ftp://x.example',
  '',
])('%j may not', (url) => expect(isWebAddress(url)).toBe(false))
