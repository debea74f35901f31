import type { MessageDescriptor } from '@lingui/core'

import type { Language } from '../../language.ts'
import { translate } from '../../translations.ts'

/** What a person asks of us by a word in a text. */
type Wish = 'STOP' | 'START' | 'HELP'

/**
 * The carriers' own words, and what people write in the five languages, as `bare` leaves them. The whole message has to
 * be the word: "don't stop" is none.
 */
const words: Record<Wish, string> = {
  STOP: `STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT
    PARAR ALTO BAJA CANCELAR ARRET ARRETER ARRETEZ DESABONNER
    STOPP STOPPEN ABMELDEN ABBESTELLEN AFMELDEN UITSCHRIJVEN`,
  START: 'START UNSTOP YES INICIAR ALTA COMENZAR DEMARRER REPRENDRE STARTEN ANMELDEN AANMELDEN',
  HELP: 'HELP INFO AYUDA AIDE HILFE HULP',
}

const wishByWord = new Map(
  (['STOP', 'START', 'HELP'] as const).flatMap((wish) =>
    words[wish].split(/\s+/).map((word) => [word, wish] as const),
  ),
)

const answers: Record<Wish, MessageDescriptor> = {
  STOP: /*i18n*/ {
    id: 'inbound.stop',
    message: 'Lanyard sends nothing more to this number here. Reply START to receive messages again.',
  },
  START: /*i18n*/ {
    id: 'inbound.start',
    message: 'Lanyard sends messages to this number again. Reply STOP to end them.',
  },
  HELP: /*i18n*/ {
    id: 'inbound.help',
    message:
      'Lanyard sends codes, tests and the messages you chose. Change them in your account settings. Reply STOP to end them.',
  },
}

/** What a message asks for, whatever its case, accents, blanks and full stops. */
export function wishIn(message: string): Wish | undefined {
  return message.length > 100 ? undefined : wishByWord.get(bare(message))
}

function bare(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase()
}

export function answerOf(wish: Wish, language: Language | undefined): string {
  return translate(language, answers[wish])
}
