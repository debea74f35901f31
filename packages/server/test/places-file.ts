/** A database of places in MaxMind's format with IPv4 networks of /24 only. Source: MaxMind DB File Format 2.0. */
export function placesFile(networks: Record<string, Value>): Buffer {
  const data: Buffer[] = []
  let dataLength = 0
  const nodes: [number | string, number | string][] = [['empty', 'empty']]
  const offsets = new Map<string, number>()
  for (const [network, value] of Object.entries(networks)) {
    const encoded = encode(value)
    offsets.set(network, dataLength)
    data.push(encoded)
    dataLength += encoded.length
    const bits = network
      .replace('/24', '')
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('')
      .slice(0, 24)
    let node = 0
    for (const [index, bit] of [...bits].entries()) {
      const record = nodes[node]
      if (!record) throw new Error('every node was made before it is pointed at')
      const side = bit === '1' ? 1 : 0
      if (index === 23) {
        record[side] = network
        continue
      }
      let next = record[side]
      if (typeof next !== 'number') {
        next = nodes.push(['empty', 'empty']) - 1
        record[side] = next
      }
      node = next
    }
  }
  const records = nodes.flat().map((record) => {
    if (typeof record === 'number') return record
    return record === 'empty' ? nodes.length : nodes.length + 16 + (offsets.get(record) ?? 0)
  })
  const tree = Buffer.alloc(records.length * 3)
  for (const [index, record] of records.entries()) tree.writeUIntBE(record, index * 3, 3)
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_700_000_000,
    database_type: 'Test-City',
    ip_version: 4,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
    description: {},
  })
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    ...data,
    Buffer.from('abcdef', 'hex'),
    Buffer.from('MaxMind.com'),
    metadata,
  ])
}

type Value = string | number | Value[] | { [key: string]: Value }

const types = { string: 2, uint32: 6, map: 7, array: 11 }

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([head(types.string, text.length), text])
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([head(types.uint32, 4), bytes])
  }
  if (Array.isArray(value)) return Buffer.concat([head(types.array, value.length), ...value.map(encode)])
  const entries = Object.entries(value)
  const parts = entries.flatMap(([key, inner]) => [encode(key), encode(inner)])
  return Buffer.concat([head(types.map, entries.length), ...parts])
}

/** Sizes below 285. */
function head(type: number, size: number): Buffer {
  const [short, extra] = size < 29 ? [size, []] : [29, [size - 29]]
  return type < 8 ? Buffer.from([(type << 5) | short, ...extra]) : Buffer.from([short, type - 7, ...extra])
}
