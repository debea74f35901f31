import type { FieldFault } from '@lanyard/contract/field-fault'
import { lengths } from '@lanyard/contract/limits'
import type { MessageDescriptor } from '@lingui/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Context } from '../context.ts'
import { refuseForeignOrigin } from '../http/origins.ts'
import type { Language } from '../language.ts'
import { sendPlainPage } from '../lib/plain-page.ts'
import { html, type SafeHtml } from '../lib/safe-html.ts'
import { translate } from '../translations.ts'
import { acceptedLanguage } from './accepted-language.ts'
import {
  type AdministratorFaults,
  checkAdministrator,
  insertAdministrator,
  type NewAdministrator,
} from './administrator.ts'
import { isSetupToken, useSetupToken } from './setup-link.ts'

interface SetupParts {
  origins: ReadonlySet<string>
  createContext(request: FastifyRequest): Pick<Context, 'em' | 'clock' | 'passwords' | 'passwordPolicy'>
}

interface Named {
  Params: { token: string }
}

/** Six fields, each as long as it may be, in which every character takes up to nine. */
const bodyBytes = 40_000

/**
 * Serves `/setup/<token>`, the link that a server prints as long as there is nobody: a form that makes the first
 * administrator. It works without script, as it comes before anything else does. Source: S-A6.
 */
export function serveSetup(app: FastifyInstance, { origins, createContext }: SetupParts): void {
  app.register((routes, _options, done) => {
    routes.removeAllContentTypeParsers()
    routes.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: bodyBytes },
      (_request, body, parsed) => parsed(null, new URLSearchParams(String(body))),
    )
    routes.get('/setup', (request, reply) => sendUnknown(request, reply))
    routes.get<Named>('/setup/:token', async (request, reply) => {
      const { em } = createContext(request)
      if (!(await isSetupToken(em, request.params.token))) return sendUnknown(request, reply)
      return sendForm(request, reply, { typed: nothingTyped, faults: {} })
    })
    routes.post<Named>('/setup/:token', async (request, reply) => {
      refuseForeignOrigin(request, origins)
      const ctx = createContext(request)
      const { token } = request.params
      if (!(await isSetupToken(ctx.em, token))) return sendUnknown(request, reply)
      const { repeated, ...typed } = readForm(request.body)
      const outcome = await checkAdministrator(ctx.passwordPolicy, typed)
      const faults: FormFaults = {
        ...('faults' in outcome ? outcome.faults : {}),
        ...(typed.password === repeated ? {} : { repeated: 'DIFFERS' }),
      }
      if (!('checked' in outcome) || faults.repeated) {
        void reply.code(400)
        return sendForm(request, reply, { typed, faults })
      }
      const passwordHash = await ctx.passwords.hash(typed.password)
      const isMade = await ctx.em.transactional(async (tx) => {
        if (!(await useSetupToken(tx, token))) return false
        await insertAdministrator(tx, ctx.clock.now(), outcome.checked, passwordHash)
        return true
      })
      return isMade ? reply.redirect('/sign-in', 303) : sendUnknown(request, reply)
    })
    done()
  })
}

type FormFaults = AdministratorFaults & { repeated?: 'DIFFERS' }

const nothingTyped: NewAdministrator = { username: '', name: '', email: '', account: '', password: '' }

function readForm(body: unknown): NewAdministrator & { repeated: string } {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams()
  const typed = (name: string) => form.get(name) ?? ''
  return {
    username: typed('username'),
    name: typed('name'),
    email: typed('email'),
    account: typed('account'),
    password: typed('password'),
    repeated: typed('repeated'),
  }
}

interface FormField {
  name: keyof NewAdministrator | 'repeated'
  type: 'text' | 'email' | 'password'
  /** Of the HTML standard, so that browsers and password managers know what to fill in. */
  autocomplete: string
  longest: number
  label: MessageDescriptor
}

const fields: readonly FormField[] = [
  {
    name: 'username',
    type: 'text',
    autocomplete: 'username',
    longest: lengths.username.max,
    label: /*i18n*/ { id: 'setup.username', message: 'Username' },
  },
  {
    name: 'name',
    type: 'text',
    autocomplete: 'name',
    longest: lengths.name,
    label: /*i18n*/ { id: 'setup.name', message: 'Full name' },
  },
  {
    name: 'email',
    type: 'email',
    autocomplete: 'email',
    longest: lengths.login,
    label: /*i18n*/ { id: 'setup.email', message: 'Email' },
  },
  {
    name: 'account',
    type: 'text',
    autocomplete: 'organization',
    longest: lengths.name,
    label: /*i18n*/ { id: 'setup.account', message: 'Account (the name of your organization)' },
  },
  {
    name: 'password',
    type: 'password',
    autocomplete: 'new-password',
    longest: lengths.password,
    label: /*i18n*/ { id: 'setup.password', message: 'Password (15 characters or more)' },
  },
  {
    name: 'repeated',
    type: 'password',
    autocomplete: 'new-password',
    longest: lengths.password,
    label: /*i18n*/ { id: 'setup.repeated', message: 'The same password again' },
  },
]

const usernameFormat: MessageDescriptor = /*i18n*/ {
  id: 'setup.fault.username',
  message: 'Use letters, digits, dots, hyphens and underscores, with a letter or digit at each end.',
}
const passwordTooShort: MessageDescriptor = /*i18n*/ {
  id: 'setup.fault.password',
  message: 'Take 15 characters or more. Several words are easy to remember.',
}
const emailFormat: MessageDescriptor = /*i18n*/ {
  id: 'setup.fault.email',
  message: 'Enter an address such as ada@example.com.',
}

const sentences: Partial<Record<FieldFault | 'DIFFERS', MessageDescriptor>> = {
  EMPTY: /*i18n*/ { id: 'setup.fault.empty', message: 'Fill in this field.' },
  TOO_SHORT: /*i18n*/ { id: 'setup.fault.short', message: 'Take 3 characters or more.' },
  TOO_LONG: /*i18n*/ { id: 'setup.fault.long', message: 'This is too long.' },
  GUESSABLE: /*i18n*/ {
    id: 'setup.fault.guessable',
    message:
      'This is soon guessed. Take several words that have nothing to do with each other or with you.',
  },
  BREACHED: /*i18n*/ {
    id: 'setup.fault.breached',
    message: 'This password stands in a collection of stolen ones. Take another.',
  },
  DIFFERS: /*i18n*/ { id: 'setup.fault.differs', message: 'The two passwords differ.' },
}

const unusable: MessageDescriptor = /*i18n*/ {
  id: 'setup.fault.character',
  message: 'This has a character that it may not have.',
}

function sentenceOf(name: FormField['name'], fault: FieldFault | 'DIFFERS'): MessageDescriptor {
  if (name === 'username' && fault === 'FORMAT') return usernameFormat
  if (name === 'email' && fault === 'FORMAT') return emailFormat
  if (name === 'password' && fault === 'TOO_SHORT') return passwordTooShort
  return sentences[fault] ?? unusable
}

/** With what was typed, but for passwords, and a sentence beside each field at fault. */
function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  { typed, faults }: { typed: NewAdministrator; faults: FormFaults },
): FastifyReply {
  const language = acceptedLanguage(request.headers['accept-language'])
  const say = (message: MessageDescriptor) => translate(language, message)
  const rows = fields.map(({ name, type, autocomplete, longest, label }) => {
    const fault = faults[name]
    const value = name === 'repeated' || name === 'password' ? '' : typed[name]
    const marks = fault ? html` aria-invalid="true" aria-describedby="${name}-fault"` : null
    const sentence = fault && html`<p class="fault" id="${name}-fault">${say(sentenceOf(name, fault))}</p>`
    return html`<label for="${name}">${say(label)}</label>
      <input
        id="${name}"
        name="${name}"
        type="${type}"
        autocomplete="${autocomplete}"
        maxlength="${longest}"
        value="${value}"
        autocapitalize="none"
        spellcheck="false"
        required${marks}
      />
      ${sentence ?? null}`
  })
  return send(
    reply,
    language,
    say(/*i18n*/ { id: 'setup.title', message: 'Set up Lanyard' }),
    html`<p>
        ${say(
          /*i18n*/ {
            id: 'setup.text',
            message:
              'Nobody uses this server yet. You become its first administrator. This page works once.',
          },
        )}
      </p>
      <form method="post">
        ${rows}
        <button>${say(/*i18n*/ { id: 'setup.button', message: 'Become the administrator' })}</button>
      </form>`,
  )
}

function sendUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = acceptedLanguage(request.headers['accept-language'])
  const say = (message: MessageDescriptor) => translate(language, message)
  void reply.code(404)
  return send(
    reply,
    language,
    say(/*i18n*/ { id: 'setup.unknown.title', message: 'Unknown link' }),
    html`<p>
      ${say(
        /*i18n*/ {
          id: 'setup.unknown',
          message:
            'This link was used, is not complete, or is older than the last start. As long as nobody uses this server, it prints a new one each time it starts.',
        },
      )}
    </p>`,
  )
}

function send(reply: FastifyReply, language: Language, title: string, body: SafeHtml): FastifyReply {
  return sendPlainPage(reply, { language: language.toLowerCase(), title, body })
}
