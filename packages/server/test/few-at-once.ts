import { Readable } from 'node:stream'

const connectionsOfPool = 10

/** Makes so many of something, only as many at once as there are connections: the others would wait, and give up. */
export async function fewAtOnce<Made>(
  count: number,
  make: (index: number) => Promise<Made>,
): Promise<Made[]> {
  const all: Made[] = []
  for await (const made of Readable.from(Array(count).keys()).map(make, { concurrency: connectionsOfPool }))
    all.push(made as Made)
  return all
}
