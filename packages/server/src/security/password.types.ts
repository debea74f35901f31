import { Field, InputType, ObjectType } from 'type-graphql'

const newPasswordDescription =
  'At least 15 characters, 8 with a second factor; nothing that is soon guessed. BAD_USER_INPUT with TOO_SHORT, TOO_LONG, GUESSABLE, BREACHED or UNCHANGED.'

@InputType()
export class ChangePasswordInput {
  @Field(() => String)
  currentPassword!: string

  @Field(() => String, { description: newPasswordDescription })
  newPassword!: string
}

/** `me` is null: every session has ended, this one too. */
@ObjectType()
export class ChangePasswordPayload {}

@InputType()
export class RequestPasswordResetInput {
  @Field(() => String)
  email!: string
}

/** The same for every address. */
@ObjectType()
export class RequestPasswordResetPayload {}

@InputType()
export class ResetPasswordInput {
  @Field(() => String, { description: 'What follows the # of the link in the mail.' })
  token!: string

  @Field(() => String, { description: newPasswordDescription })
  newPassword!: string
}

@ObjectType()
export class ResetPasswordPayload {}
