import PostalMime from 'postal-mime'

/** What a mail server reports of one recipient. */
export interface RecipientStatus {
  /** As "failed", "delayed" or "delivered". */
  action: string
  /** As "5.1.1". */
  status: string
  recipient: string
  /** What the other mail server said, or "". */
  diagnosis: string
}

const mostDepth = 20
const mostHeaderBytes = 100_000

/**
 * Reads a report on a delivery (RFC 3464). Answers from somebody's holidays, receipts and whatever else arrives at a
 * bounce address carry no such part, and tell nothing.
 * @returns nothing for what is no such report
 */
export async function readDeliveryStatus(mail: Buffer): Promise<RecipientStatus[]> {
  const parsed = await parse(mail)
  const type = parsed?.headers.find(({ key }) => key === 'content-type')?.value ?? ''
  if (!parsed || !/^multipart\/report\b/i.test(type) || !/report-type="?delivery-status\b/i.test(type))
    return []

  const part = parsed.attachments.find(({ mimeType }) => mimeType === 'message/delivery-status')
  if (!part || typeof part.content !== 'string') return []
  // The first group of fields is about the message, and each that follows about one recipient.
  const [, ...recipients] = part.content.replaceAll('\r\n', '\n').split(/\n(?:[ \t]*\n)+/)
  return recipients.flatMap((fields) => readRecipient(fields) ?? [])
}

async function parse(mail: Buffer) {
  const options = {
    attachmentEncoding: 'utf8',
    maxNestingDepth: mostDepth,
    maxHeadersSize: mostHeaderBytes,
    // The mail that came back is of no interest, and may be anything.
    forceRfc822Attachments: true,
  } as const
  try {
    return await PostalMime.parse(mail, options)
  } catch {
    return undefined
  }
}

function readRecipient(text: string): RecipientStatus | undefined {
  const fields = readFields(text)
  const recipient = /^rfc822\s*;\s*<?(?<address>[^<>\s]+)>?$/i.exec(fields.get('final-recipient') ?? '')
    ?.groups?.['address']
  const status = /^[245]\.\d{1,3}\.\d{1,3}/.exec(fields.get('status') ?? '')?.[0]
  const action = fields.get('action')?.toLowerCase()
  if (recipient === undefined || status === undefined || action === undefined) return undefined
  const diagnosis = (fields.get('diagnostic-code') ?? '').replace(/^smtp\s*;\s*/i, '')
  return { recipient, status, action, diagnosis }
}

/** Fields as in the head of a mail: a line that begins with a blank goes on with the one before. */
function readFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of text.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const { name, value } = /^(?<name>[\w-]+)\s*:(?<value>.*)$/.exec(line)?.groups ?? {}
    if (name && value !== undefined && !fields.has(name.toLowerCase()))
      fields.set(name.toLowerCase(), value.trim())
  }
  return fields
}
