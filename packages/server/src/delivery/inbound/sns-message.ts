import { type KeyObject, verify, X509Certificate } from 'node:crypto'

import { textIn } from './json-value.ts'
import { Refused } from './raw-request.ts'

export interface SnsMessage {
  type: string
  id: string
  topic: string
  /** What was published, as text. */
  message: string
  subscribeUrl: URL | null
}

interface VerifierParts {
  /** The topics that are listened to. */
  topics: readonly string[]
  fetchText(url: URL): Promise<string>
}

const hourMilliseconds = 3_600_000
const mostMinutesAhead = 5 * 60_000

/** What Amazon signs, in this order. */
const signedNames: Partial<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
}

const digestByVersion: Partial<Record<string, string>> = { '1': 'RSA-SHA1', '2': 'RSA-SHA256' }

const arn = /^arn:aws(?<partition>-cn|-us-gov)?:sns:(?<region>[a-z0-9-]+):\d{12}:[\w-]+(?:\.fifo)?$/
const certificatePath = /^\/SimpleNotificationService-[0-9a-zA-Z]{32}\.pem$/

/**
 * Believes what Amazon SNS signed for a topic of ours within the hour. Who sends it names the certificate: its URL must
 * be that of SNS in the topic's region before anything is fetched. The certificate is fetched by our own client, as
 * the one of sns-payload-validator has no deadline, and keeps an error page as a certificate. Source: S-L3.
 */
export class SnsVerifier {
  readonly #topics: ReadonlySet<string>
  readonly #fetchText: VerifierParts['fetchText']
  /** By URL. A handful: Amazon changes them once in years. */
  readonly #keys = new Map<string, KeyObject>()

  constructor({ topics, fetchText }: VerifierParts) {
    this.#topics = new Set(topics)
    this.#fetchText = fetchText
  }

  /** @throws Refused 403 */
  async verify(payload: unknown, now: Date): Promise<SnsMessage> {
    const type = textIn(payload, 'Type')
    const topic = textIn(payload, 'TopicArn')
    const names = signedNames[type]
    const digest = digestByVersion[textIn(payload, 'SignatureVersion')]
    const host = hostOf(topic)
    if (!names || !digest || !this.#topics.has(topic) || host === undefined) throw new Refused(403)
    const age = now.getTime() - Date.parse(textIn(payload, 'Timestamp'))
    if (!(age <= hourMilliseconds && age >= -mostMinutesAhead)) throw new Refused(403)

    const url = URL.parse(textIn(payload, 'SigningCertURL'))
    if (!url || !isOf(host, url) || !certificatePath.test(url.pathname) || url.search !== '')
      throw new Refused(403)
    const signed = names
      .filter((name) => name !== 'Subject' || textIn(payload, name) !== '')
      .map((name) => `${name}\n${textIn(payload, name)}\n`)
      .join('')
    const signature = Buffer.from(textIn(payload, 'Signature'), 'base64')
    if (!verify(digest, Buffer.from(signed), await this.#keyAt(url), signature)) throw new Refused(403)

    const subscribeUrl = URL.parse(textIn(payload, 'SubscribeURL'))
    return {
      type,
      topic,
      id: textIn(payload, 'MessageId'),
      message: textIn(payload, 'Message'),
      subscribeUrl: subscribeUrl && isOf(host, subscribeUrl) ? subscribeUrl : null,
    }
  }

  async #keyAt({ href }: URL): Promise<KeyObject> {
    const known = this.#keys.get(href)
    if (known) return known
    const key = readKey(await this.#fetchText(new URL(href)))
    this.#keys.set(href, key)
    return key
  }
}

/** Where SNS answers in the region of a topic. */
function hostOf(topic: string): string | undefined {
  const { partition, region } = arn.exec(topic)?.groups ?? {}
  if (region === undefined) return undefined
  return `sns.${region}.amazonaws.com${partition === '-cn' ? '.cn' : ''}`
}

/** `URL` has taken apart what would fool the eye: credentials, ports, dots at the end. */
function isOf(host: string, { protocol, host: given, username, password }: URL): boolean {
  return protocol === 'https:' && given === host && username === '' && password === ''
}

/** @throws Refused 403 for what is no certificate */
function readKey(pem: string): KeyObject {
  try {
    return new X509Certificate(pem).publicKey
  } catch {
    throw new Refused(403)
  }
}
