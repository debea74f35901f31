import { ObjectType } from 'type-graphql'

@ObjectType()
export class LockEverythingPayload {}

@ObjectType()
export class FinishRecoveryPayload {}
