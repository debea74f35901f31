import { Channel, type CarriedChannel } from '../channel.ts'
import type { Message } from '../message.ts'
import type { RenderedMessage } from '../rendered-message.ts'
import { writeCall } from './call.ts'
import { describeMessage } from './describe-message.ts'
import { writeMail } from './mail.ts'
import type { Notice } from './notice.ts'
import { writePush } from './push-message.ts'
import type { Scene } from './scene.ts'
import { writeSlackMessage } from './slack-message.ts'
import { writeTextMessage } from './text-message.ts'
import { writeWhatsApp } from './whatsapp-message.ts'

/** @param compose says it all; with a number, what others wrote is at most so many characters each */
type Writer = (
  compose: (longest?: number) => Notice,
  scene: Scene,
) => RenderedMessage | Promise<RenderedMessage>

/** How each channel writes a message down: a new channel is a file and a line. */
const writers: Record<CarriedChannel, Writer> = {
  [Channel.EMAIL]: (compose, scene) => writeMail(compose(), scene),
  [Channel.SMS]: writeTextMessage,
  [Channel.VOICE]: (compose, scene) => writeCall(compose(), scene),
  [Channel.WHATSAPP]: (compose, scene) => writeWhatsApp(compose(100), scene),
  [Channel.PUSH]: (compose, scene) => writePush(compose(), scene),
  [Channel.SLACK]: (compose, scene) => writeSlackMessage(compose(), scene),
}

/** Puts a message into the words, and the form, in which a channel carries it to its recipient. */
export async function renderMessage(
  channel: CarriedChannel,
  message: Message,
  scene: Scene,
): Promise<RenderedMessage> {
  return writers[channel]((longest) => describeMessage(message, scene, longest), scene)
}
