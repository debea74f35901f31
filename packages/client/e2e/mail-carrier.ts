import { expect } from '@playwright/test'
import { secretKey, webhookCredentials } from './carrier-secrets.ts'

interface DeliveryKey {
  userId: string
  deliveryId: string
}

interface ServerParts {
  referenceOf: (keys: object, delivery: DeliveryKey) => string
  SealingKeys: new (texts: [string]) => object
}

/** What Postmark tells when a mail came back for good, in the words of the other mail server. */
export async function bounceMail(
  origin: string,
  mail: DeliveryKey & { to: string },
  detail: string,
): Promise<void> {
  const answer = await fetch(`${origin}/carriers/postmark`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(webhookCredentials).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      RecordType: 'Bounce',
      Type: 'HardBounce',
      ID: 1,
      MessageID: mail.deliveryId,
      Metadata: { delivery: await referenceOfMail(mail) },
      Email: mail.to,
      Details: detail,
    }),
  })
  expect(answer.status).toBe(204)
}

/** As the server gave it to the carrier: it signs it, so that nobody makes reports up. */
async function referenceOfMail({ userId, deliveryId }: DeliveryKey): Promise<string> {
  const built = (file: string) => import(new URL(`../../server/dist/${file}`, import.meta.url).href)
  // The files of the build that begin with these names.
  const parts = {
    ...(await built('delivery/delivery-reference.js')),
    ...(await built('sealing-keys.js')),
  } as ServerParts
  return parts.referenceOf(new parts.SealingKeys([secretKey]), { userId, deliveryId })
}
