import type { OutboundHttp } from '../../lib/outbound-http.ts'
import { Refused } from './raw-request.ts'

/**
 * A document that a carrier names: its certificate, or where to confirm a subscription.
 * @throws Refused when there is none; another Error when nobody answers, so that the carrier tries again
 */
export async function fetchDocument(http: Pick<OutboundHttp, 'request'>, url: URL): Promise<string> {
  const answer = await http.request({ url })
  if (answer.kind !== 'answered') throw new Error(`${url.host} did not answer: ${answer.detail}`)
  if (answer.status >= 400 && answer.status < 500) throw new Refused(403)
  if (answer.status !== 200) throw new Error(`${url.host} answered with status ${answer.status}`)
  return answer.body
}
