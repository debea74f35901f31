/** An element, its names resolved to their namespaces. */
export interface XmlElement {
  /** Without its prefix. */
  name: string
  /** Empty when it is in none. */
  namespace: string
  /** By name; one with a prefix as `{namespace}name`. Declarations of namespaces are not among them. */
  attributes: ReadonlyMap<string, string>
  children: readonly XmlElement[]
  /** Only an element without children has any. */
  text: string
}

interface PlainXmlOptions {
  /** Whether comments are skipped rather than refused. */
  comments?: boolean
}

/** No message says what is in the document. */
export class PlainXmlError extends Error {
  override readonly name = 'PlainXmlError'
}

const mostElements = 5000
const deepest = 32

const unreadable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u
const declaration =
  /<\?xml[ \t\n]+version=["']1\.[01]["'](?:[ \t\n]+encoding=["'](?:utf-8|us-ascii)["'])?(?:[ \t\n]+standalone=["'](?:yes|no)["'])?[ \t\n]*\?>/iy
const space = /[ \t\n]*/y
const openTag = /<([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)/y
const attribute =
  /[ \t\n]+([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)[ \t\n]*=[ \t\n]*(?:"([^"<]*)"|'([^'<]*)')/y
const tagEnd = /[ \t\n]*(\/?)>/y
const closeTag = /<\/([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)[ \t\n]*>/y
const characters = /[^<]+/y
const comment = /<!--(?:[^-]|-[^-])*-->/y
const reference = /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\dA-Fa-f]{1,6}));|&/g

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'

interface OpenElement {
  element: XmlElement & { children: XmlElement[] }
  /** As it is written, prefix and all. */
  tag: string
  namespaces: ReadonlyMap<string, string>
}

/**
 * Reads the XML that machines write: elements, attributes and text. Whatever else XML knows (document types, entities,
 * processing instructions, CDATA, text beside elements, and comments unless they are skipped) is refused, as it is what
 * two readers of one document understand in two ways. It takes time in proportion to its length.
 * @throws PlainXmlError
 */
export function readPlainXml(source: string, { comments = false }: PlainXmlOptions = {}): XmlElement {
  const text = source.replaceAll(/\r\n?/g, '\n')
  if (unreadable.test(text)) throw new PlainXmlError('it has a character that XML has not')
  let position = 0
  let elements = 0
  let root: XmlElement | undefined
  const open: OpenElement[] = []

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = position
    const match = pattern.exec(text)
    if (match) position = pattern.lastIndex
    return match
  }
  function takeTag(tag: string): void {
    if (++elements > mostElements || open.length >= deepest) throw new PlainXmlError('it is too large')
    const parent = open.at(-1)
    const written = takeAttributes()
    const end = take(tagEnd)
    if (!end) throw new PlainXmlError('a tag does not end')
    const namespaces = withDeclared(parent?.namespaces ?? new Map([['xml', xmlNamespace]]), written)
    const element = {
      ...nameIn(namespaces, tag),
      attributes: attributesIn(namespaces, written),
      children: [],
      text: '',
    }
    if (parent) parent.element.children.push(element)
    else root = element
    if (end[1] === '') open.push({ element, tag, namespaces })
  }
  function takeAttributes(): Map<string, string> {
    const written = new Map<string, string>()
    for (let match = take(attribute); match; match = take(attribute)) {
      const [, name = '', double, single = ''] = match
      if (written.has(name)) throw new PlainXmlError('an attribute stands twice')
      written.set(name, resolve((double ?? single).replaceAll(/[ \t\n]/g, ' ')))
    }
    return written
  }

  take(declaration)
  for (;;) {
    const current = open.at(-1)
    if (!current) take(space)
    if (comments && take(comment)) continue
    if (position === text.length) break
    const closing = current && take(closeTag)
    if (closing) {
      if (closing[1] !== current.tag) throw new PlainXmlError('a tag is closed by another')
      const { element } = current
      if (element.children.length > 0) {
        if (/[^ \t\n]/.test(element.text)) throw new PlainXmlError('text stands beside elements')
        element.text = ''
      }
      open.pop()
      continue
    }
    const opening = current || !root ? take(openTag) : null
    if (opening) {
      takeTag(opening[1] ?? '')
      continue
    }
    const run = current && take(characters)
    if (!run) throw new PlainXmlError('it is not plain XML')
    if (run[0].includes(']]>')) throw new PlainXmlError('it is not plain XML')
    current.element.text += resolve(run[0])
  }
  if (!root || open.length > 0) throw new PlainXmlError('it ends too early')
  return root
}

/** What stands for itself in text and in attributes. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"'\n\r\t]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The children of that name. */
export function childrenOf(parent: XmlElement, namespace: string, name: string): XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.namespace === namespace)
}

/** The element and all below it. */
export function* elementsOf(element: XmlElement): Generator<XmlElement> {
  yield element
  for (const child of element.children) yield* elementsOf(child)
}

function resolve(text: string): string {
  return text.replaceAll(reference, (whole, entity?: string, decimal?: string, hexadecimal?: string) => {
    if (entity !== undefined) return entities[entity] ?? whole
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
    const character = code <= 0x10_ff_ff ? String.fromCodePoint(code) : ''
    if (character === '' || unreadable.test(character))
      throw new PlainXmlError('it refers to what it has not')
    return character
  })
}

function withDeclared(
  outer: ReadonlyMap<string, string>,
  written: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const declared = [...written].filter(([name]) => isDeclaration(name))
  if (declared.length === 0) return outer
  const namespaces = new Map(outer)
  for (const [name, namespace] of declared) {
    const prefix = name === 'xmlns' ? '' : name.slice('xmlns:'.length)
    if (prefix === 'xml' || prefix === 'xmlns' || (prefix !== '' && namespace === ''))
      throw new PlainXmlError('a prefix stands for what it may not')
    namespaces.set(prefix, namespace)
  }
  return namespaces
}

function attributesIn(
  namespaces: ReadonlyMap<string, string>,
  written: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (const [tag, value] of written) {
    if (isDeclaration(tag)) continue
    const { name, namespace } = tag.includes(':') ? nameIn(namespaces, tag) : { name: tag, namespace: '' }
    const key = namespace === '' ? name : `{${namespace}}${name}`
    if (attributes.has(key)) throw new PlainXmlError('an attribute stands twice')
    attributes.set(key, value)
  }
  return attributes
}

function nameIn(
  namespaces: ReadonlyMap<string, string>,
  tag: string,
): Pick<XmlElement, 'name' | 'namespace'> {
  const [first = '', second] = tag.split(':')
  const prefix = second === undefined ? '' : first
  const namespace = namespaces.get(prefix)
  if (namespace === undefined && prefix !== '') throw new PlainXmlError('a prefix stands for nothing')
  return { name: second ?? first, namespace: namespace ?? '' }
}

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:')
}
