import { type Sound, isSound } from '@lanyard/contract/sounds'

/** When it starts and how long it lasts, in seconds; its pitch in hertz, and the pitch it slides to. */
export type Note = readonly [start: number, length: number, pitch: number, slideTo?: number]

export interface Tune {
  wave: OscillatorType
  notes: readonly Note[]
}

/** The usual sound is the device's own, which no page can make. */
export type TuneName = Exclude<Sound, 'default'>

/** All of them are made here out of plain waves: nothing is fetched, and nothing belongs to anybody else. */
export const tunes: Record<TuneName, Tune> = {
  alert: tune('square', ...times(3, 0.3, [0, 0.2, 988])),
  alien_long: tune('sine', ...times(6, 0.4, [0, 0.2, 400, 1400], [0.2, 0.2, 1400, 400])),
  bike: tune('triangle', ...times(2, 0.35, [0, 0.3, 2093], [0.02, 0.3, 2637])),
  bugle: tune('sawtooth', [0, 0.18, 392], [0.2, 0.18, 523], [0.4, 0.18, 659], [0.6, 0.5, 784]),
  cashregister: tune('triangle', [0, 0.06, 1200], [0.08, 0.06, 900], [0.2, 0.6, 2637], [0.2, 0.6, 3136]),
  classical: tune(
    'triangle',
    [0, 0.18, 659],
    [0.2, 0.18, 622],
    [0.4, 0.18, 659],
    [0.6, 0.18, 622],
    [0.8, 0.18, 659],
    [1, 0.18, 494],
    [1.2, 0.18, 587],
    [1.4, 0.18, 523],
    [1.6, 0.5, 440],
  ),
  climb_long: tune('triangle', ...scale(12, 0.22, 262, 1.0595 ** 2)),
  cosmic: tune('sine', [0, 1.2, 220, 880], [0.3, 1.2, 330, 1320], [0.6, 1.2, 440, 1760]),
  echo_long: tune('sine', ...times(5, 0.5, [0, 0.15, 1047], [0.18, 0.1, 1047])),
  fail: tune('sawtooth', [0, 0.3, 311], [0.32, 0.3, 294], [0.64, 0.7, 277, 220]),
  falling: tune('sine', [0, 1, 1760, 220]),
  gamelan: tune('triangle', [0, 0.5, 587], [0.25, 0.5, 698], [0.5, 0.5, 880], [0.75, 0.8, 622]),
  incoming: tune('sine', [0, 0.5, 300, 1200], [0.55, 0.5, 300, 1200]),
  intermission: tune('triangle', [0, 0.5, 659], [0.5, 0.5, 523], [1, 0.5, 587], [1.5, 0.9, 392]),
  lanyard: tune('triangle', [0, 0.14, 523], [0.16, 0.14, 784], [0.32, 0.5, 1047]),
  magic: tune('sine', ...scale(8, 0.07, 1047, 1.1225)),
  mechanical: tune('square', ...times(8, 0.11, [0, 0.04, 180])),
  persistent_long: tune('square', ...times(10, 0.3, [0, 0.12, 740], [0.14, 0.12, 932])),
  pianobar: tune('triangle', [0, 0.3, 349], [0.1, 0.3, 440], [0.2, 0.3, 523], [0.3, 0.8, 659]),
  siren: tune('sawtooth', ...times(3, 0.9, [0, 0.45, 600, 1200], [0.45, 0.45, 1200, 600])),
  spacealarm: tune('square', ...times(5, 0.3, [0, 0.25, 1400, 500])),
  tugboat: tune('sawtooth', [0, 0.6, 147], [0, 0.6, 110], [0.7, 1.2, 147], [0.7, 1.2, 110]),
  updown_long: tune(
    'triangle',
    ...times(2, 1.44, ...scale(6, 0.12, 392, 1.1225), ...scale(6, 0.12, 699, 1 / 1.1225, 0.72)),
  ),
}

let context: AudioContext | undefined

/**
 * Plays a sound. Resolves to whether it can be heard: a page knows no sounds of a newer server, and browsers keep it
 * silent until somebody has touched it.
 */
export async function playSound(name: string): Promise<boolean> {
  if (!isTune(name) || !('AudioContext' in globalThis)) return false
  context ??= new AudioContext()
  if (!(await isAwake(context))) return false
  const { wave, notes } = tunes[name]
  for (const note of notes) playNote(context, wave, note)
  return true
}

export function isTune(name: string): name is TuneName {
  return isSound(name) && name !== 'default'
}

async function isAwake(audio: AudioContext): Promise<boolean> {
  // Where the browser does not allow it, resuming waits for the first touch instead of failing.
  const tooLate = new Promise((resolve) => setTimeout(resolve, 200))
  if (audio.state !== 'running') await Promise.race([audio.resume().catch(() => undefined), tooLate])
  return audio.state === 'running'
}

const loudness = 0.2
/** A wave that begins or ends at once clicks. */
const fadeSeconds = 0.01

function playNote(audio: AudioContext, wave: OscillatorType, [start, length, pitch, slideTo]: Note): void {
  const begin = audio.currentTime + start
  const end = begin + length
  const oscillator = audio.createOscillator()
  oscillator.type = wave
  oscillator.frequency.setValueAtTime(pitch, begin)
  if (slideTo) oscillator.frequency.exponentialRampToValueAtTime(slideTo, end)

  const gain = audio.createGain()
  gain.gain.setValueAtTime(0, begin)
  gain.gain.linearRampToValueAtTime(loudness, begin + fadeSeconds)
  gain.gain.setValueAtTime(loudness, end - fadeSeconds)
  gain.gain.linearRampToValueAtTime(0, end)

  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(begin)
  oscillator.stop(end)
}

function tune(wave: OscillatorType, ...notes: Note[]): Tune {
  return { wave, notes }
}

/** The same notes again and again, so many seconds apart. */
function times(count: number, apart: number, ...notes: Note[]): Note[] {
  return Array.from({ length: count }, (_, turn) =>
    notes.map(([start, ...rest]): Note => [start + turn * apart, ...rest]),
  ).flat()
}

/** Steps of one length; each pitch is the one before times `interval`. */
function scale(count: number, seconds: number, pitch: number, interval: number, start = 0): Note[] {
  return Array.from({ length: count }, (_, step): Note => [
    start + step * seconds,
    seconds,
    pitch * interval ** step,
  ])
}
