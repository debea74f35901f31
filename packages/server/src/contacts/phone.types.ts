import { Field, ID, InputType, ObjectType } from 'type-graphql'

import { Channel } from '../delivery/channel.ts'
import type { PayloadOfPhone } from './phone.resolver.ts'

@InputType()
export class AddPhoneInput {
  @Field(() => String, { description: 'In international form: +12025550142, however it is spaced.' })
  number!: string

  @Field(() => Channel, { description: 'How the code comes: SMS, VOICE or WHATSAPP.' })
  channel!: Channel
}

@ObjectType()
export class AddPhonePayload implements PayloadOfPhone {
  phoneId!: string
}

@InputType()
export class VerifyPhoneInput {
  @Field(() => ID)
  phoneId!: string

  @Field(() => String, { description: 'Six digits; blanks between them do not matter.' })
  code!: string
}

@ObjectType()
export class VerifyPhonePayload implements PayloadOfPhone {
  phoneId!: string
}

@InputType()
export class ResendPhoneCodeInput {
  @Field(() => ID)
  phoneId!: string

  @Field(() => Channel, { description: 'SMS, VOICE or WHATSAPP.' })
  channel!: Channel
}

@ObjectType()
export class ResendPhoneCodePayload implements PayloadOfPhone {
  phoneId!: string
}

@InputType()
export class SetPrimaryPhoneInput {
  @Field(() => ID)
  phoneId!: string
}

@ObjectType()
export class SetPrimaryPhonePayload implements PayloadOfPhone {
  phoneId!: string
}

@InputType()
export class RemovePhoneInput {
  @Field(() => ID)
  phoneId!: string
}

@ObjectType()
export class RemovePhonePayload {
  @Field(() => ID)
  removedId!: string
}
