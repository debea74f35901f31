import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tunes } from './sounds.ts'

/** The browser's audio, which writes down the pitches it was to play. */
function createAudio({ allowed }: { allowed: boolean }) {
  const pitches: number[] = []
  const ramp = () => ({
    setValueAtTime: () => {},
    linearRampToValueAtTime: () => {},
    exponentialRampToValueAtTime: () => {},
  })
  class AudioContextDouble {
    state = 'suspended'
    currentTime = 0
    destination = {}
    resume(): Promise<void> {
      if (!allowed) return new Promise(() => {})
      this.state = 'running'
      return Promise.resolve()
    }
    createGain() {
      return { gain: ramp(), connect: (next: unknown) => next }
    }
    createOscillator() {
      const frequency = { ...ramp(), setValueAtTime: (pitch: number) => void pitches.push(pitch) }
      return { frequency, type: '', connect: (next: unknown) => next, start: () => {}, stop: () => {} }
    }
  }
  vi.stubGlobal('AudioContext', AudioContextDouble)
  return { pitches }
}

beforeEach(() => {
  vi.resetModules()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test.each(Object.entries(tunes))('%s can be heard and ends by itself', (_name, { notes }) => {
  expect(notes.length).toBeGreaterThan(0)
  for (const [start, length, pitch, slideTo = pitch] of notes) {
    expect(start + length).toBeLessThanOrEqual(3.5)
    expect(length).toBeGreaterThan(0.03)
    expect(Math.min(pitch, slideTo)).toBeGreaterThan(100)
    expect(Math.max(pitch, slideTo)).toBeLessThan(4000)
  }
})

test('no two sounds are alike', () => {
  const all = Object.values(tunes).map((tune) => JSON.stringify(tune))
  expect(new Set(all).size).toBe(all.length)
})

test('a sound is played note by note', async () => {
  const { pitches } = createAudio({ allowed: true })
  const { playSound } = await import('./sounds.ts')
  expect(await playSound('bugle')).toBe(true)
  expect(pitches).toEqual(tunes.bugle.notes.map(([, , pitch]) => pitch))
})

test.each(['default', 'of_a_newer_server'])('%s is left to the device', async (name) => {
  const { pitches } = createAudio({ allowed: true })
  const { playSound } = await import('./sounds.ts')
  expect(await playSound(name)).toBe(false)
  expect(pitches).toEqual([])
})

test('a page that nobody has touched says that it was not heard', async () => {
  const { pitches } = createAudio({ allowed: false })
  const { playSound } = await import('./sounds.ts')
  expect(await playSound('siren')).toBe(false)
  expect(pitches).toEqual([])
})

test('neither is anything heard in a browser without audio', async () => {
  vi.stubGlobal('AudioContext', undefined)
  Reflect.deleteProperty(globalThis, 'AudioContext')
  const { playSound } = await import('./sounds.ts')
  expect(await playSound('siren')).toBe(false)
})
