import { setTimeout as wait } from 'node:timers/promises'

import type { Benchmark } from '../benchmark.ts'
import { figureOf } from '../figure.ts'
import { type Candidate, type Measurement, measureInTurns } from '../measure.ts'
import { findPeople, type Person, spreadOver } from '../people.ts'
import { recordSelfTime } from '../self-time.ts'
import type { ServerProcess } from '../server-process.ts'
import type { Stage } from '../stage.ts'
import { BadgePublisher } from './badge-publisher.ts'
import { BadgeReaders } from './badge-readers.ts'
import { type BadgeServer, bareBadges, lanyardBadges, pubSubBadges } from './badge-servers.ts'

export const crowdOfBadges = 100_000
export const socketCount = 10_000
const warmUpSeconds = 3
const seconds = 7
/**
 * A slice of the people is announced anew once all of its badges have arrived. So everybody has at most one push on its
 * way, nothing is left out in favour of something newer, and the server always has work.
 */
const slices = 5

/** Badges on their way from `NOTIFY` to the browser, as many as can be carried. */
export const badgeBenchmark: Benchmark = {
  name: 'badge',
  async run(stage) {
    const { databaseUrl, people } = await prepare(stage)
    const lanyard = await lanyardBadges(stage, databaseUrl)
    const limit = bareBadges(databaseUrl)
    const peer = await pubSubBadges(stage, databaseUrl)
    const frames = new SampleFrames()
    const candidates = [limit, lanyard, peer].map((server): Candidate => ({
      name: server.name,
      measure: () =>
        withPushes(stage, server, databaseUrl, people, async (process, pushes) => {
          const measurement = await measurePushes(process, pushes)
          frames.add(server.name, pushes.lastFrame)
          return measurement
        }),
    }))
    const measured = await measureInTurns(candidates, stage.onProgress)
    const common = { candidate: lanyard.name, quantity: 'perSecond' } as const
    return {
      measured,
      figures: [
        figureOf(measured, {
          ...common,
          what: `badge pushes end to end, ${socketCount.toLocaleString('en')} sockets`,
          against: 'bare ws sending the same bytes',
          reference: limit.name,
          goal: { atLeast: 0.7 },
        }),
        figureOf(measured, {
          ...common,
          what: 'the same',
          against: 'graphql-ws executing per push, from a pub/sub',
          reference: peer.name,
          goal: { atLeast: 2 },
        }),
      ],
    }
  },
  async recordProfile(stage) {
    const { databaseUrl, people } = await prepare(stage)
    const lanyard = await lanyardBadges(stage, databaseUrl)
    return withPushes(stage, lanyard, databaseUrl, people, async (server, pushes) => {
      await pushes.run(warmUpSeconds)
      return recordSelfTime(server, stage.repository, async () => {
        await pushes.run(seconds)
      })
    })
  },
}

/** Each reader has a session of its own, as a session may have five sockets only. */
export async function prepare(stage: Stage): Promise<{ databaseUrl: string; people: Person[] }> {
  const databaseUrl = await stage.crowd(crowdOfBadges)
  return { databaseUrl, people: await findPeople(databaseUrl, spreadOver(crowdOfBadges, socketCount)) }
}

async function measurePushes(server: ServerProcess, pushes: Pushes): Promise<Measurement> {
  await pushes.run(warmUpSeconds)
  const before = await server.cpuMicroseconds()
  const { received, elapsed } = await pushes.run(seconds)
  const cpu = (await server.cpuMicroseconds()) - before
  return { perSecond: received / elapsed, cpuMicroseconds: cpu / received }
}

/** A server by itself, as everyone that listens would hear what is meant for the others. */
async function withPushes<Result>(
  stage: Stage,
  server: BadgeServer,
  databaseUrl: string,
  people: readonly Person[],
  work: (process: ServerProcess, pushes: Pushes) => Promise<Result>,
): Promise<Result> {
  await using process = await server.start()
  const requestOf = (person: Person) => server.requestOf(process.port, person)
  using readers = await BadgeReaders.open(people, requestOf, stage.signal)
  await using publisher = await BadgePublisher.connect(databaseUrl, people, slices)
  const pushes = new Pushes(readers, publisher, people.length)
  await pushes.reachEverybody()
  return await work(process, pushes)
}

class Pushes {
  readonly #readers: BadgeReaders
  readonly #publisher: BadgePublisher
  readonly #slices: number[][]
  /** Above those in the database, as a badge that is not newer is not shown. */
  #version = 1_000_000

  constructor(readers: BadgeReaders, publisher: BadgePublisher, people: number) {
    this.#readers = readers
    this.#publisher = publisher
    this.#slices = Array.from({ length: slices }, () => [])
    for (let index = 0; index < people; index++) this.#slices[index % slices]?.push(index)
  }

  get lastFrame(): string {
    return this.#readers.lastFrame
  }

  /** Subscribing takes servers a moment that not all of them tell the end of: pushes until nothing is missed. */
  async reachEverybody(): Promise<void> {
    for (let attempt = 0; attempt < 20; attempt++) {
      const missing = await Promise.all(this.#slices.map((_, slice) => this.#push(slice, 3000)))
      if (missing.every((count) => count === 0)) return this.#readers.acceptNothingElse()
      await wait(200)
    }
    throw new Error('not every socket is reached')
  }

  /** @throws Error when a single push is not delivered */
  async run(seconds: number): Promise<{ received: number; elapsed: number }> {
    const startedAt = performance.now()
    const endAt = startedAt + seconds * 1000
    const before = this.#readers.received
    const pushSlice = async (slice: number) => {
      while (performance.now() < endAt) {
        const missing = await this.#push(slice)
        if (missing > 0) throw new Error(`${missing} pushes did not arrive`)
      }
    }
    await Promise.all(this.#slices.map((_, slice) => pushSlice(slice)))
    return {
      received: this.#readers.received - before,
      elapsed: (performance.now() - startedAt) / 1000,
    }
  }

  async #push(slice: number, milliseconds?: number): Promise<number> {
    const version = ++this.#version
    const expectedOf = (index: number) => this.#publisher.badgeOf(index, version)
    const arrived = this.#readers.expect(this.#slices[slice] ?? [], expectedOf, milliseconds)
    const [missing] = await Promise.all([arrived, this.#publisher.publish(slice, version)])
    return missing
  }
}

/** Candidates that send more, or less, cannot be compared. */
class SampleFrames {
  readonly #lengths = new Map<string, number>()

  add(name: string, frame: string): void {
    this.#lengths.set(name, frame.replace(/"(?:version|unread|alerts)":\d+/g, '').length)
    if (new Set(this.#lengths.values()).size > 1) {
      throw new Error(`frames differ in length: ${JSON.stringify([...this.#lengths])}`)
    }
  }
}
