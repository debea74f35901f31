import { Channel } from '../delivery/channel.ts'

/** The channels, beside the inbox, over which a person may have events told; those of the matrix. */
export const eventChannels = [Channel.EMAIL, Channel.SMS] as const

/** What is in force for most events where nothing was chosen: the inbox. Source: A49. */
export const usualChannels: readonly Channel[] = [Channel.IN_APP]
