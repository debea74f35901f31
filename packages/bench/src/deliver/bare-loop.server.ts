import { answerWith } from '../limit-server.ts'
import { carrierSender, concurrency, learnRequest } from './send-to-carrier.ts'

/** The limit of delivering: `POST /<count>` sends so many requests to the carrier, and nothing is stored anywhere. */
const origin = process.env['CARRIER'] ?? ''

answerWith(async (_request, [count]) => {
  const send = carrierSender(origin, await learnRequest(origin))
  let left = Number(count)
  const sendTheNext = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await send()
    }
  }
  await Promise.all(Array.from({ length: concurrency }, sendTheNext))
  return '{}'
})
