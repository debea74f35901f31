import { createHash } from 'node:crypto'

import { type CarriedChannel, Channel } from '../delivery/channel.ts'
import type { RenderedMessage } from '../delivery/rendered-message.ts'
import { outboxStyles } from './outbox-styles.ts'
import { html, SafeHtml } from '../lib/safe-html.ts'

/** One message that the catcher took. */
export interface CaughtMessage {
  id: string
  userId: string
  deliveryId: string
  channel: CarriedChannel
  to: string
  subject: string | null
  text: string
  message: RenderedMessage
  at: Date
}

/** What is asked for in the address of the page; whatever makes no sense there is left out. */
export interface OutboxFilter {
  channel: CarriedChannel | null
  /** A part of the address, or the id of a person. */
  to: string
  /** Only older ones than this. */
  before: string | null
}

const styleHash = createHash('sha256').update(outboxStyles).digest('base64')
/** Whole, as the hash is that of every character between the tags. */
const styleElement = new SafeHtml(`<style>${outboxStyles}</style>`)

/** No script, the one style that is ours, and the frames with mail. */
export const outboxPagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "frame-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';')

type MessageOf<C extends CarriedChannel> = Extract<RenderedMessage, { channel: C }>

const channelNames: Record<CarriedChannel, string> = {
  EMAIL: 'Mail',
  SMS: 'Text',
  VOICE: 'Call',
  WHATSAPP: 'WhatsApp',
  PUSH: 'Push',
  SLACK: 'Slack',
}

/** The page of whoever runs this server on their own machine; in English, as its log is. */
export function outboxPage(
  messages: readonly CaughtMessage[],
  filter: OutboxFilter,
  older: string | undefined,
): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Outbox · Lanyard</title>
        ${styleElement}
      </head>
      <body>
        <header>
          <div class="frame"><a class="brand" href="/">Lanyard</a></div>
        </header>
        <main class="frame">
          <h1>Outbox</h1>
          <p class="help">
            What would have gone out, newest first: no carrier is configured for it, so it was caught here.
            It is kept for a week. Programs read <a href="/outbox.json">/outbox.json</a>.
          </p>
          ${filterForm(filter)} ${messages.length > 0 ? messages.map(card) : emptyState(filter)}
          ${older === undefined ? null : html`<p><a href="${linkTo({ ...filter, before: older })}">Older messages</a></p>`}
        </main>
      </body>
    </html> `.text
}

function filterForm(filter: OutboxFilter): SafeHtml {
  const option = (value: string, name: string) =>
    html`<option value="${value}" ${value === (filter.channel ?? '') ? html` selected` : null}>
      ${name}
    </option>`
  return html`<form action="/outbox" method="get">
    <label
      >Channel
      <select name="channel">
        ${[
          option('', 'All'),
          ...Object.entries(channelNames).map(([channel, name]) => option(channel, name)),
        ]}
      </select></label
    >
    <label class="wide"
      >Recipient
      <input
        name="to"
        value="${filter.to}"
        placeholder="Part of an address, or a person’s id"
        autocomplete="off"
        spellcheck="false"
    /></label>
    <button>Show</button>
  </form>`
}

function emptyState({ channel, to, before }: OutboxFilter): SafeHtml {
  return channel || to || before
    ? html`<p class="empty">Nothing like that was caught. <a href="/outbox">Show everything</a></p>`
    : html`<p class="empty">
        Nothing was caught yet. “Send test” beside one of your contacts makes the first message.
      </p>`
}

function card(caught: CaughtMessage): SafeHtml {
  const at = caught.at.toISOString()
  return html`<article id="${caught.id}">
    <div class="head">
      <span class="channel">${channelNames[caught.channel]}</span>
      <a class="mono" href="${linkTo({ channel: null, to: caught.to, before: null })}">${caught.to}</a>
      <time datetime="${at}">${at.slice(0, 19).replace('T', ' ')} UTC</time>
    </div>
    <div class="body">${show(caught)}</div>
    <div class="foot mono">person ${caught.userId} · delivery ${caught.deliveryId}</div>
  </article>`
}

function show({ id, message }: CaughtMessage): SafeHtml {
  // The view of a channel takes messages of that channel, which TypeScript does not see through the union.
  const view = views[message.channel] as (message: RenderedMessage, id: string) => SafeHtml
  return view(message, id)
}

const views: { [C in CarriedChannel]: (message: MessageOf<C>, id: string) => SafeHtml } = {
  [Channel.EMAIL]: ({ subject, text, unsubscribeUrl }, id) =>
    html`<h2>${subject}</h2>
      <iframe
        title="Mail: ${subject}"
        src="/outbox/${id}/mail"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        loading="lazy"
      ></iframe>
      <p><a href="/outbox/${id}/mail">Open the mail alone</a></p>
      <details>
        <summary>As text</summary>
        <pre>${text}</pre>
      </details>
      ${unsubscribeUrl === undefined ? null : facts({ 'List-Unsubscribe': unsubscribeUrl })}`,

  [Channel.SMS]: ({ text, segments }) =>
    html`<p class="bubble">${text}</p>
      ${facts({ Segments: String(segments), Characters: String(text.length) })}`,

  [Channel.VOICE]: ({ locale, sentences, keys }) =>
    html`<ol lang="${locale}">
        ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
      </ol>
      ${facts({
        Voice: locale,
        ...Object.fromEntries(
          Object.entries(keys).map(([key, { means, answer }]) => [
            `Key ${key}`,
            `${means === 'confirm' ? 'confirms' : 'repeats'}, after “${answer}”`,
          ]),
        ),
      })}`,

  [Channel.WHATSAPP]: ({ text, template, language, variables }) =>
    html`<p class="bubble" lang="${language}">${text}</p>
      ${facts({
        Template: `${template}.${language}`,
        ...Object.fromEntries(
          Object.entries(variables).map(([name, value]) => [`Variable ${name}`, value]),
        ),
      })}`,

  [Channel.PUSH]: ({ title, body, path, topic, urgency, sound, persistent }) =>
    html`<div class="bubble">
        <h2>${title}</h2>
        <p>${body}</p>
      </div>
      <p><a href="${path}">What a click opens</a></p>
      ${facts({ Urgency: urgency, Topic: topic, Sound: sound, Stays: persistent ? 'until it is dismissed' : 'as long as the device likes' })}`,

  [Channel.SLACK]: ({ text, blocks }) =>
    html`<p class="bubble">${text}</p>
      <details>
        <summary>Blocks</summary>
        <pre>${JSON.stringify(blocks, null, 2)}</pre>
      </details>
      ${slackLinks(blocks)}`,
}

function facts(named: Record<string, string>): SafeHtml {
  return html`<dl>
    ${Object.entries(named).map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`
}

interface SlackButton {
  url: string
  text: { text: string }
}

function slackLinks(blocks: readonly Record<string, unknown>[]): SafeHtml {
  const buttons = blocks
    .filter(({ type }) => type === 'actions')
    .flatMap(({ elements }) => elements as SlackButton[])
  return html`${buttons.map(({ url, text }) => html`<p><a href="${url}">${text.text}</a></p>`)}`
}

function linkTo({ channel, to, before }: OutboxFilter): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ channel, to, before })) if (value) query.set(name, value)
  return `/outbox?${query.toString()}`
}
