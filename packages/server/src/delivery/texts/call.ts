import { localeOf } from '../../language.ts'
import { Channel } from '../channel.ts'
import type { RenderedCall } from '../rendered-message.ts'
import { oneLine } from './foreign-text.ts'
import type { Notice } from './notice.ts'
import type { Scene } from './scene.ts'
import { say } from './words.ts'

/** Characters: half a minute of listening. */
const longestSentence = 400

/** Writes what a voice says. It is text, never markup, whatever stands in a title. */
export function writeCall(notice: Notice, scene: Scene): RenderedCall {
  const greeting = say(
    scene,
    /*i18n*/ { id: 'call.greeting', message: 'Hello. This is a message from Lanyard.' },
  )
  const isTest = notice.class === 'test'
  const keys = say(
    scene,
    isTest
      ? /*i18n*/ { id: 'call.keys.confirm', message: 'To confirm that you hear this, press 1.' }
      : /*i18n*/ { id: 'call.keys.repeat', message: 'To hear this again, press 1.' },
  )
  const sentences = notice.code === null ? notice.spoken : spellCode(notice.code, scene)
  return {
    channel: Channel.VOICE,
    locale: localeOf[scene.language],
    sentences: [greeting, ...sentences, keys].map((sentence) => oneLine(sentence, longestSentence)),
    keys: {
      '1': isTest
        ? {
            means: 'confirm',
            answer: say(
              scene,
              /*i18n*/ { id: 'call.confirmed', message: 'Thank you. That is confirmed. Goodbye.' },
            ),
          }
        : { means: 'repeat', answer: say(scene, /*i18n*/ { id: 'call.again', message: 'Once more.' }) },
    },
  }
}

/** Digit by digit and twice, with a pause at each comma, so that there is time to write them down. */
function spellCode(code: string, scene: Scene): string[] {
  const digits = Array.from(code).join(', ')
  return [
    say(scene, /*i18n*/ { id: 'call.code', message: 'Your code is: {digits}.' }, { digits }),
    say(
      scene,
      /*i18n*/ { id: 'call.code.again', message: 'Once more, your code is: {digits}.' },
      { digits },
    ),
  ]
}
