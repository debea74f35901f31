import type { ErrorCode } from '@lanyard/contract/error-code'
import type { MessageDescriptor } from '@lingui/core'
import type { FastifyReply } from 'fastify'

import type { Language } from '../../language.ts'
import { sendPlainPage } from '../../lib/plain-page.ts'
import { html, type SafeHtml } from '../../lib/safe-html.ts'
import { translate } from '../../translations.ts'
import type { Viewer } from '../../viewer.ts'
import type { SsoEnd } from './finish-sso.ts'

/** What came back from a provider, to the administrator who tries a connection. */
export function sendFinishedTest(
  reply: FastifyReply,
  { viewer, connectionName, identity }: Extract<SsoEnd, { kind: 'TESTED' }>,
): FastifyReply {
  const say = speakerFor(viewer.language)
  const none = say(/*i18n*/ { id: 'sso.test.none', message: 'none' })
  const { email, emailVerified } = identity
  const isProven = emailVerified
    ? say(/*i18n*/ { id: 'sso.test.email.proven', message: 'proven by the provider' })
    : say(/*i18n*/ { id: 'sso.test.email.unproven', message: 'not proven by the provider' })
  const facts: [string, string][] = [
    [say(/*i18n*/ { id: 'sso.test.issuer', message: 'Issuer' }), identity.issuer],
    [say(/*i18n*/ { id: 'sso.test.subject', message: 'Subject' }), identity.subject],
    [
      say(/*i18n*/ { id: 'sso.test.email', message: 'Email' }),
      email === null ? none : `${email} (${isProven})`,
    ],
    [say(/*i18n*/ { id: 'sso.test.name', message: 'Name' }), identity.name ?? none],
  ]
  const text = say(
    /*i18n*/ {
      id: 'sso.test.done',
      message: '{connection} works as it is now. Nobody was signed in or linked. This is what came back:',
    },
    { connection: connectionName },
  )
  return sendPage(reply, viewer.language, {
    title: say(/*i18n*/ { id: 'sso.test.done.title', message: 'Test passed' }),
    body: html`<p>${text}</p>
      <dl>
        ${facts.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>`,
  })
}

/** @param detail what exactly was wrong, in English, if we know */
export function sendFailedTest(
  reply: FastifyReply,
  { language }: Viewer,
  { code, detail }: { code: ErrorCode; detail: string | null },
): FastifyReply {
  const say = speakerFor(language)
  return sendPage(reply, language, {
    title: say(/*i18n*/ { id: 'sso.test.failed.title', message: 'Test failed' }),
    body: html`<p>${say(reasons[code] ?? denied)}</p>
      ${detail === null ? null : html`<p class="quiet" lang="en">${detail}</p>`}`,
  })
}

const reasons: Partial<Record<ErrorCode, MessageDescriptor>> = {
  SSO_UNAVAILABLE: /*i18n*/ {
    id: 'sso.test.unavailable',
    message: 'The identity provider does not answer.',
  },
  SIGN_IN_EXPIRED: /*i18n*/ {
    id: 'sso.test.expired',
    message: 'This took too long, or the connection was changed meanwhile. Test it again.',
  },
  RATE_LIMITED: /*i18n*/ {
    id: 'sso.test.limited',
    message: 'There were too many tests. Wait a few minutes, then test it again.',
  },
  SSO_REFUSED: /*i18n*/ {
    id: 'sso.test.refused',
    message: 'The identity provider gave an answer that cannot be trusted.',
  },
}

/** Of everything else that can go wrong, as no settings are the cause. */
const denied = /*i18n*/ {
  id: 'sso.test.denied',
  message: 'Only who manages the account tests its connections, in the browser that began.',
}

function sendPage(
  reply: FastifyReply,
  language: Language,
  { title, body }: { title: string; body: SafeHtml },
): FastifyReply {
  const back = translate(language, /*i18n*/ { id: 'sso.test.back', message: 'Back to the settings' })
  return sendPlainPage(reply, {
    language: language.toLowerCase(),
    title,
    body: html`${body}
      <p><a href="/settings">${back}</a></p>`,
  })
}

function speakerFor(language: Language) {
  return (message: MessageDescriptor, values: Record<string, string> = {}) =>
    translate(language, { ...message, values })
}
