/**
 * The sounds a push may play, made by our page and named in the payload; `default` is the device's own. Source:
 * product.md 6.2, with a tune of our own name in place of the one that bears its maker's.
 */
export const sounds = [
  'default',
  'alert',
  'alien_long',
  'bike',
  'bugle',
  'cashregister',
  'classical',
  'climb_long',
  'cosmic',
  'echo_long',
  'fail',
  'falling',
  'gamelan',
  'incoming',
  'intermission',
  'lanyard',
  'magic',
  'mechanical',
  'persistent_long',
  'pianobar',
  'siren',
  'spacealarm',
  'tugboat',
  'updown_long',
] as const

export type Sound = (typeof sounds)[number]

const known: ReadonlySet<string> = new Set(sounds)

export function isSound(value: unknown): value is Sound {
  return typeof value === 'string' && known.has(value)
}
