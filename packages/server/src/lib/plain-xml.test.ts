import { performance } from 'node:perf_hooks'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { childrenOf, elementsOf, escapeXml, PlainXmlError, readPlainXml } from './plain-xml.ts'

test('names are resolved to their namespaces, and text and attributes to their characters', () => {
  const root = readPlainXml(
    '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
      `<a:one xmlns:a="urn:a" xmlns="urn:b" x='1 &lt;&#x41;&#66;' a:y="2">\r\n  <two>caf\u00E9 &amp; &quot;tea&quot;</two><three xmlns=""/>\n</a:one>\n`,
  )
  expect(root).toMatchObject({ name: 'one', namespace: 'urn:a', text: '' })
  expect([...root.attributes]).toEqual([
    ['x', '1 <AB'],
    ['{urn:a}y', '2'],
  ])
  expect(root.children).toMatchObject([
    { name: 'two', namespace: 'urn:b', text: 'caf\u00E9 & "tea"' },
    { name: 'three', namespace: '', text: '' },
  ])
  expect(childrenOf(root, 'urn:b', 'two')).toHaveLength(1)
  expect(childrenOf(root, 'urn:a', 'two')).toHaveLength(0)
  expect([...elementsOf(root)].map(({ name }) => name)).toEqual(['one', 'two', 'three'])
})

test.each([
  ['nothing', ''],
  ['a document type', '<!DOCTYPE a><a/>'],
  ['an entity', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
  ['an entity nobody declared', '<a>&b;</a>'],
  ['an ampersand', '<a>b & c</a>'],
  ['a comment', '<a>b<!-- c -->d</a>'],
  ['a comment before the root', '<!-- c --><a/>'],
  ['a processing instruction', '<?php 1 ?><a/>'],
  ['a processing instruction inside', '<a><?b c?></a>'],
  ['CDATA', '<a><![CDATA[b]]></a>'],
  ['the end of CDATA', '<a>]]></a>'],
  ['text beside elements', '<a>b<c/></a>'],
  ['text after the root', '<a/>b'],
  ['two roots', '<a/><b/>'],
  ['tags that cross', '<a><b></a></b>'],
  ['a tag that does not end', '<a'],
  ['an element that does not end', '<a><b></b>'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['an attribute twice under two prefixes', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>'],
  ['attributes without a space between', '<a b="1"c="2"/>'],
  ['an attribute without quotes', '<a b=1/>'],
  ['a less-than sign in an attribute', '<a b="<"/>'],
  ['a prefix nobody declared', '<p:a/>'],
  ['a prefix taken back', '<p:a xmlns:p=""/>'],
  ['the prefix xml for something else', '<a xmlns:xml="u"/>'],
  ['a name of three parts', '<a:b:c xmlns:a="u"/>'],
  ['a character that XML has not', '<a>\u0000</a>'],
  ['a space that only people see', '<a\u00A0b="1"/>'],
  ['half a character', '<a>\uD800</a>'],
  ['a reference to a character that XML has not', '<a>&#0;</a>'],
  ['a reference beyond the last character', '<a>&#x110000;</a>'],
  ['another encoding', '<?xml version="1.0" encoding="utf-7"?><a/>'],
  ['a declaration after a space', ' <?xml version="1.0"?><a/>'],
])('%s is refused', (_name, source) => {
  expect(() => readPlainXml(source)).toThrow(PlainXmlError)
})

test('comments are skipped where they may stand, and never begin what they hide', () => {
  const root = readPlainXml('<!-- a --><a><!-- <b/> - --><c/></a><!-- d -->', { comments: true })
  expect([...elementsOf(root)].map(({ name }) => name)).toEqual(['a', 'c'])
  expect(() => readPlainXml('<a><!-- b -- c --></a>', { comments: true })).toThrow(PlainXmlError)
  expect(() => readPlainXml('<!-- a -->', { comments: true })).toThrow(PlainXmlError)
})

test('what is too deep or has too many elements is refused', () => {
  const nested = (depth: number) => '<a>'.repeat(depth) + '</a>'.repeat(depth)
  expect(readPlainXml(nested(32)).name).toBe('a')
  expect(() => readPlainXml(nested(33))).toThrow(PlainXmlError)
  expect(readPlainXml(`<a>${'<b/>'.repeat(4999)}</a>`).children).toHaveLength(4999)
  expect(() => readPlainXml(`<a>${'<b/>'.repeat(5000)}</a>`)).toThrow(PlainXmlError)
})

test('whatever is escaped is read as it was', () => {
  const texts = fc
    .string({ unit: 'grapheme' })
    .map((text) => text.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ''))
  fc.assert(
    fc.property(texts, (text) => {
      const root = readPlainXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`)
      expect(root.attributes.get('b')).toBe(text)
      expect(root.text).toBe(text)
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('a quarter of a megabyte of anything takes little time', () => {
  const size = 262_144
  const hard = [
    '<a ',
    '<a b="',
    '<!--',
    '<!-- -',
    '&',
    '&#',
    '<a>',
    '<',
    ' ',
    '<a b="1"',
    '<a:',
    '<a \n',
    ']]',
    '<?xml ',
  ]
  const started = performance.now()
  for (const piece of hard) {
    const filled = piece.repeat(size / piece.length)
    for (const source of [filled, `<a>${filled}`, `<a${filled}`]) {
      expect(() => readPlainXml(source, { comments: true })).toThrow(PlainXmlError)
    }
  }
  expect(performance.now() - started).toBeLessThan(5000)
})
