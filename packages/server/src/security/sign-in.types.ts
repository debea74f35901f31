import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql'

export enum SignInStatus {
  SIGNED_IN = 'SIGNED_IN',
}
registerEnumType(SignInStatus, { name: 'SignInStatus' })

@InputType()
export class SignInInput {
  @Field(() => String, { description: 'Username or proven email.' })
  login!: string

  @Field(() => String)
  password!: string

  @Field(() => Boolean, { nullable: true, description: 'Keeps the cookie when the browser closes.' })
  rememberMe?: boolean | null
}

@ObjectType()
export class SignInPayload {
  @Field(() => SignInStatus)
  status!: SignInStatus
}

@ObjectType()
export class SignOutPayload {}
