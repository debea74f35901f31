import type { MessageDescriptor } from '@lingui/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import type { Context } from '../context.ts'
import { readNotMeReference } from '../delivery/texts/not-me-link.ts'
import type { Language } from '../language.ts'
import { sendPlainPage } from '../lib/plain-page.ts'
import { html, type SafeHtml } from '../lib/safe-html.ts'
import { translate } from '../translations.ts'
import { findReporter, reportIntrusion, sendWayBackAgain } from './intrusion.service.ts'

type Scene = Pick<Context, 'em' | 'clock' | 'limits' | 'origin' | 'deliveries' | 'revokers' | 'linkSigning'>

interface NotMeParts {
  createContext(request: FastifyRequest): Scene
}

interface Named {
  Params: { reference: string }
  /** Present where everything is locked and the link for a new password is wanted once more. */
  Querystring: { again?: string }
}

/**
 * Serves `/not-me/<reference>`, the link "It wasn't me" of a security mail. A GET shows a page that asks, as mail
 * scanners open every link; the POST of its button locks everything. No cookie is needed: whoever has the mail may.
 */
export function serveNotMe(app: FastifyInstance, { createContext }: NotMeParts): void {
  app.register((routes, _options, done) => {
    routes.removeAllContentTypeParsers()
    routes.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 100 }, (_request, _body, parsed) =>
      parsed(null),
    )
    routes.get<Named>('/not-me/:reference', async (request, reply) => {
      const ctx = createContext(request)
      const named = readNotMeReference(ctx.linkSigning, request.params.reference)
      const user = named && (await findReporter(ctx, named))
      return user ? sendQuestion(reply, user.language) : sendUnknown(reply)
    })
    routes.post<Named>('/not-me/:reference', async (request, reply) => {
      const ctx = createContext(request)
      const named = readNotMeReference(ctx.linkSigning, request.params.reference)
      if (request.query.again !== undefined) {
        const user = named && (await sendWayBackAgain(ctx, named))
        return user ? sendDone(reply, user.language) : sendUnknown(reply)
      }
      const report = named && (await reportIntrusion(ctx, named))
      return report ? sendDone(reply, report.user.language) : sendUnknown(reply)
    })
    done()
  })
}

function sendQuestion(reply: FastifyReply, language: Language): FastifyReply {
  const say = speakerOf(language)
  return send(
    reply,
    language,
    say(/*i18n*/ { id: 'not-me.title', message: 'Was it not you?' }),
    html`<p>
        ${say(
          /*i18n*/ {
            id: 'not-me.question',
            message:
              'Then lock everything. Every session, access token and push device ends at once, and nobody signs in with the old password. We mail you a link for a new one.',
          },
        )}
      </p>
      <p class="quiet">
        ${say(
          /*i18n*/ {
            id: 'not-me.reachable',
            message: 'Your emails and phones stay, and alerts go on reaching you there.',
          },
        )}
      </p>
      <form method="post">
        <button>${say(/*i18n*/ { id: 'not-me.button', message: 'Lock everything' })}</button>
      </form>`,
  )
}

function sendDone(reply: FastifyReply, language: Language): FastifyReply {
  const say = speakerOf(language)
  return send(
    reply,
    language,
    say(/*i18n*/ { id: 'not-me.done.title', message: 'Everything is locked' }),
    html`<p>
        ${say(
          /*i18n*/ {
            id: 'not-me.done',
            message:
              'Every session, access token and push device has ended. Look for the link that sets a new password in the mailbox that was yours first, even if it was removed in the last seven days. After signing in, your security settings help you to look through what was changed.',
          },
        )}
      </p>
      <form method="post" action="?again">
        <button>${say(/*i18n*/ { id: 'not-me.again', message: 'Send the link again' })}</button>
      </form>`,
  )
}

function sendUnknown(reply: FastifyReply): FastifyReply {
  const say = speakerOf(undefined)
  void reply.code(404)
  return send(
    reply,
    undefined,
    say(/*i18n*/ { id: 'not-me.unknown.title', message: 'Unknown link' }),
    html`<p>
        ${say(
          /*i18n*/ {
            id: 'not-me.unknown',
            message: 'This link is too old or not complete. Copy it whole, or set a new password.',
          },
        )}
      </p>
      <p>
        <a href="/forgot-password"
          >${say(/*i18n*/ { id: 'not-me.forgot', message: 'Set a new password' })}</a
        >
      </p>`,
  )
}

function send(
  reply: FastifyReply,
  language: Language | undefined,
  title: string,
  body: SafeHtml,
): FastifyReply {
  return sendPlainPage(reply, { language: language?.toLowerCase() ?? 'en', title, body })
}

function speakerOf(language: Language | undefined): (message: MessageDescriptor) => string {
  return (message) => translate(language, message)
}
