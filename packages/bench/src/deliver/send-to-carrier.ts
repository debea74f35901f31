import { Pool } from 'undici'

import type { CarrierRequest } from './stand-in-carrier.server.ts'

/** As many as Lanyard has under way to a carrier in one process. Source: delivery/carriers/twilio.ts. */
export const concurrency = 50

/** Sends what Lanyard sends, over as many connections. */
export function carrierSender(origin: string, { path, headers, body }: CarrierRequest) {
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 })
  return async (): Promise<unknown> => {
    const { statusCode, body: answer } = await pool.request({ path, method: 'POST', headers, body })
    const accepted = await answer.json()
    if (statusCode !== 201) throw new Error(`the carrier answered ${statusCode}`)
    return accepted
  }
}

/** Learned from what Lanyard sent last. */
export async function learnRequest(origin: string): Promise<CarrierRequest> {
  const response = await fetch(`${origin}/last`)
  return (await response.json()) as CarrierRequest
}
