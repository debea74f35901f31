import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { MessageDescriptor } from '@lingui/core'

import type { Context } from '../context.ts'
import { Language } from '../language.ts'
import { sendPlainPage } from '../lib/plain-page.ts'
import { html } from '../lib/safe-html.ts'
import type { Signing } from '../link-signing.ts'
import { translate } from '../translations.ts'
import { categoryTitle } from './event-catalogue.ts'
import { readUnsubscribeId, type Subscription } from './unsubscribe-link.ts'
import { findSubscriber, type Subscriber, unsubscribe } from './unsubscribe.service.ts'

interface UnsubscribeParts {
  signing: Signing
  createContext(request: FastifyRequest): Pick<Context, 'em' | 'clock' | 'origin'>
}

interface Named {
  Params: { id: string }
}

/** What a mail program sends, and the form as well. Source: RFC 8058, section 3.1. */
const bodyPattern = /List-Unsubscribe(?:=|"[\r\n]+)One-Click/
const bodyBytes = 2000

/**
 * Serves `/unsubscribe/<id>`. A POST ends mail of one sort at once, without cookies, as mail programs send it; a GET
 * shows a page that asks first, as mail scanners open every link. Source: S-K5.
 */
export function serveUnsubscribe(app: FastifyInstance, { signing, createContext }: UnsubscribeParts): void {
  app.register((routes, _options, done) => {
    routes.removeAllContentTypeParsers()
    routes.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: bodyBytes },
      (_request, body, parsed) => parsed(null, body),
    )

    routes.get<Named>('/unsubscribe/:id', async (request, reply) => {
      const ctx = createContext(request)
      const subscription = readUnsubscribeId(signing, request.params.id)
      if (!subscription) return sendUnknown(reply)
      return sendPage(reply, questionPage(subscription, await findSubscriber(ctx, subscription)))
    })
    routes.post<Named>('/unsubscribe/:id', async (request, reply) => {
      const ctx = createContext(request)
      const subscription = readUnsubscribeId(signing, request.params.id)
      if (!subscription) return sendUnknown(reply)
      if (typeof request.body !== 'string' || !bodyPattern.test(request.body)) return reply.code(400).send()
      await unsubscribe(ctx, subscription)
      return sendPage(reply, donePage(subscription, await findSubscriber(ctx, subscription)))
    })
    done()
  })
}

interface Page {
  language: Language
  title: string
  text: string
  /** Of the button; without one there is nothing to do. */
  button?: string
}

function questionPage(subscription: Subscription, subscriber: Subscriber | null): Page {
  if (!subscriber) return donePage(subscription, subscriber)
  const say = speakerFor(subscription, subscriber)
  return {
    language: subscriber.user.language,
    title: say(/*i18n*/ { id: 'unsubscribe.title', message: 'Stop this mail' }),
    text: say(
      /*i18n*/ {
        id: 'unsubscribe.question',
        message:
          'Lanyard sends you mail about {category} in {account}. Your inbox and all other messages stay as they are.',
      },
    ),
    button: say(/*i18n*/ { id: 'unsubscribe.button', message: 'Stop mail about {category}' }),
  }
}

function donePage(subscription: Subscription, subscriber: Subscriber | null): Page {
  const say = speakerFor(subscription, subscriber)
  return {
    language: subscriber?.user.language ?? Language.EN,
    title: say(/*i18n*/ { id: 'unsubscribe.done.title', message: 'Mail stopped' }),
    text: subscriber
      ? say(
          /*i18n*/ {
            id: 'unsubscribe.done',
            message: 'You get no more mail about {category} in {account}. Everything else stays as it is.',
          },
        )
      : say(
          /*i18n*/ {
            id: 'unsubscribe.gone',
            message: 'You get no more mail here: you do not belong to this account any more.',
          },
        ),
  }
}

function speakerFor({ category }: Subscription, subscriber: Subscriber | null) {
  const language = subscriber?.user.language
  const values = { category: categoryTitle(language, category), account: subscriber?.account.name ?? '' }
  return (message: MessageDescriptor) => translate(language, { ...message, values })
}

function sendUnknown(reply: FastifyReply): FastifyReply {
  const say = (message: MessageDescriptor) => translate(undefined, message)
  void reply.code(404)
  return sendPage(reply, {
    language: Language.EN,
    title: say(/*i18n*/ { id: 'unsubscribe.unknown.title', message: 'Unknown link' }),
    text: say(
      /*i18n*/ {
        id: 'unsubscribe.unknown',
        message: 'This link is not complete. Copy it whole, or change your notifications in the settings.',
      },
    ),
  })
}

function sendPage(reply: FastifyReply, { language, title, text, button }: Page): FastifyReply {
  const settings = translate(
    language,
    /*i18n*/ { id: 'unsubscribe.settings', message: 'Notification settings' },
  )
  const form =
    button === undefined
      ? null
      : html`<form method="post">
          <button name="List-Unsubscribe" value="One-Click">${button}</button>
        </form>`
  return sendPlainPage(reply, {
    language: language.toLowerCase(),
    title,
    body: html`<p>${text}</p>
      ${form}
      <p><a href="/settings/notifications">${settings}</a></p>`,
  })
}
