import { createPrivateKey } from 'node:crypto'

import { createTransport, type NodemailerError, type SendMailOptions } from 'nodemailer'

import { isLoopbackHost } from '../../config.ts'
import type { MailConfig } from '../../config/mail.ts'
import type { Secret } from '../../secret.ts'
import { exitCodes, StartupError } from '../../startup-error.ts'
import type { Carrier, Parcel } from '../carrier.ts'
import { Channel } from '../channel.ts'
import { DeliveryReason } from '../delivery-reason.ts'
import { inBrief } from './in-brief.ts'
import { mailboxAddress } from './mailbox-address.ts'
import { destinationOn, messageOn } from './parcel-parts.ts'
import { plainText } from './plain-text.ts'
import { type SmtpFault, smtpOutcome } from './smtp-outcome.ts'

const connections = 8

/**
 * Hands mail to the operator's relay, over connections that stay open. A relay cannot be asked what became of a
 * message: one that is sent again has the same Message-ID, by which many mailboxes show it once.
 */
export function createSmtp(mail: MailConfig, smtpUrl: Secret): Carrier & AsyncDisposable {
  const url = new URL(smtpUrl.reveal())
  const transport = createTransport({
    url: url.href,
    pool: true,
    maxConnections: connections,
    maxMessages: 1000,
    // A connection that the relay closed while it was idle is replaced, once.
    maxRequeues: 1,
    // A password goes over TLS, or to this machine.
    requireTLS: url.username !== '' && !isLoopbackHost(url.hostname),
    dnsTimeout: 5000,
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(mail.dkim ? { dkim: dkimOf(mail.dkim) } : {}),
  })
  // What breaks is told by the message that it breaks.
  transport.on('error', () => {})
  const handedOver = new WeakSet<object>()
  transport.use('stream', ({ data, message }, done) => {
    const createReadStream = message.createReadStream.bind(message)
    message.createReadStream = (options) => {
      // Once its last byte is read, the dot that ends it follows, and from then on nobody knows without a reply.
      return createReadStream(options).once('end', () => handedOver.add(data.envelope ?? {}))
    }
    done()
  })

  return {
    name: 'smtp',
    concurrency: connections,
    async send(parcel, signal) {
      const { address } = destinationOn(Channel.EMAIL, parcel)
      const to = mailboxAddress(address)
      if (to === undefined) {
        const detail = 'it is not one plain mail address'
        return { kind: 'permanent', reason: DeliveryReason.ADDRESS_INVALID, detail }
      }
      const envelope = { from: senderOf(mail, parcel.reference), to: [to] }
      try {
        const { response } = await transport.sendMail({ ...mailOf(mail, parcel, to), envelope, signal })
        return {
          kind: 'accepted',
          carrierId: messageIdOf(mail, parcel.reference),
          carrierStatus: inBrief(response).slice(0, 100),
        }
      } catch (error) {
        return smtpOutcome(faultOf(error), handedOver.has(envelope))
      }
    },
    async [Symbol.asyncDispose]() {
      transport.close()
    },
  }
}

function mailOf(mail: MailConfig, parcel: Parcel, to: string): SendMailOptions {
  const { subject, html, text, unsubscribeUrl } = messageOn(Channel.EMAIL, parcel)
  const { reference } = parcel
  return {
    from: mail.from,
    // Whole, so that nothing is parsed once more.
    to: { name: '', address: to },
    subject: plainText(subject).replaceAll('\n', ' '),
    html,
    text,
    messageId: messageIdOf(mail, reference),
    headers: asTheyAre({
      // RFC 3834: holiday notes are not sent to machines.
      'Auto-Submitted': 'auto-generated',
      ...unsubscribeHeaders(unsubscribeUrl),
      // Where Postmark, Mailgun, SendGrid and SES look for what their webhooks shall repeat.
      'X-PM-Metadata-delivery': reference,
      'X-Mailgun-Variables': JSON.stringify({ delivery: reference }),
      'X-SMTPAPI': JSON.stringify({ unique_args: { delivery: reference } }),
      'X-SES-MESSAGE-TAGS': `delivery=${reference}`,
    }),
  }
}

/** Not encoded as words, as nodemailer would a long value without blanks: these are read by machines. */
function asTheyAre(headers: Record<string, string>): NonNullable<SendMailOptions['headers']> {
  return Object.entries(headers).map(([key, value]) => ({ key, value: { prepared: true, value } }))
}

/** RFC 8058. */
function unsubscribeHeaders(url: string | undefined): Record<string, string> {
  if (url === undefined) return {}
  return {
    'List-Unsubscribe': `<${new URL(url).href}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  }
}

/** Mail that comes back names its delivery by where it comes back to. */
function senderOf({ bounceDomain, from }: MailConfig, reference: string): string {
  return bounceDomain === null ? addressOf(from) : `b-${reference}@${bounceDomain}`
}

function messageIdOf({ from }: MailConfig, reference: string): string {
  return `<${reference}@${addressOf(from).split('@').at(-1)}>`
}

/** Of `Lanyard <lanyard@example.com>`, as the configuration was checked to read. */
function addressOf(from: string): string {
  return /<(?<address>[^<>]+)>$/.exec(from)?.groups?.['address'] ?? from
}

/** @throws StartupError for a key that cannot sign: nodemailer would send without a signature, and say nothing */
function dkimOf({ domain, selector, privateKey }: NonNullable<MailConfig['dkim']>) {
  return {
    domainName: domain,
    keySelector: selector,
    privateKey: rsaKeyOf(privateKey),
    // RFC 8058, 4: both of these have to be signed.
    headerFieldNames:
      'From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding:List-Unsubscribe:List-Unsubscribe-Post',
  }
}

function rsaKeyOf(privateKey: Secret): string {
  // One line, as some places that keep variables want it.
  const pem = privateKey.reveal().replaceAll(String.raw`\n`, '\n')
  if (isRsaKey(pem)) return pem
  throw new StartupError('MAIL_DKIM_PRIVATE_KEY: must be an RSA key as PEM', exitCodes.configuration)
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

/** Codes of nodemailer for what is wrong with the message or its settings, not with the relay. */
const mistakes = new Set(['ECONFIG', 'EFILEACCESS', 'EMAXRECIPIENTS', 'ESTREAM', 'EURLACCESS'])

/** @throws the error when it tells of a mistake of ours */
function faultOf(error: unknown): SmtpFault {
  if (!(error instanceof Error)) throw error
  const { code, command, responseCode, response } = error as NodemailerError
  // What it would not say to any relay.
  const isBadEnvelope = code === 'EENVELOPE' && command === 'API'
  if (code === undefined || mistakes.has(code) || isBadEnvelope) throw error
  return { code, command: command ?? '', responseCode, words: response || error.message }
}
