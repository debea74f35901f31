import type { Sound } from '@lanyard/contract/sounds'
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { PersistentThreshold } from '../graphql/generated.ts'

/** From which urgency on a push stays on the screen until it is dismissed. */
export const thresholdNames: Record<PersistentThreshold, MessageDescriptor> = {
  NEVER: msg`Never`,
  LOW: msg`Low`,
  MEDIUM: msg`Medium`,
  HIGH: msg`High`,
  CRITICAL: msg`Critical`,
}

export const soundNames: Record<Sound, MessageDescriptor> = {
  default: msg`Sound of the device`,
  alert: msg`Alert`,
  alien_long: msg`Alien, long`,
  bike: msg`Bicycle bell`,
  bugle: msg`Bugle`,
  cashregister: msg`Cash register`,
  classical: msg`Classical`,
  climb_long: msg`Climb, long`,
  cosmic: msg`Cosmic`,
  echo_long: msg`Echo, long`,
  fail: msg`Fail`,
  falling: msg`Falling`,
  gamelan: msg`Gamelan`,
  incoming: msg`Incoming`,
  intermission: msg`Intermission`,
  lanyard: msg`Lanyard`,
  magic: msg`Magic`,
  mechanical: msg`Mechanical`,
  persistent_long: msg`Persistent, long`,
  pianobar: msg`Piano bar`,
  siren: msg`Siren`,
  spacealarm: msg`Space alarm`,
  tugboat: msg`Tugboat`,
  updown_long: msg`Up and down, long`,
}
