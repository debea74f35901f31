import {
  type Icon,
  IconBell,
  IconBrandSlack,
  IconBrandWhatsapp,
  IconDeviceMobile,
  IconMail,
  IconMessage2,
  IconPhone,
} from '@tabler/icons-react'
import type { Channel } from '../../graphql/generated.ts'

export const channelIcons: Record<Channel, Icon> = {
  IN_APP: IconBell,
  PUSH: IconDeviceMobile,
  SMS: IconMessage2,
  VOICE: IconPhone,
  WHATSAPP: IconBrandWhatsapp,
  SLACK: IconBrandSlack,
  EMAIL: IconMail,
}
