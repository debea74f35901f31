import { Field, ID, ObjectType } from 'type-graphql'

/** A rule that is attached to somebody and names one of their addresses. */
@ObjectType({ simpleResolvers: true })
export class NamingRule {
  @Field(() => ID)
  id!: string

  @Field(() => String)
  name!: string

  @Field(() => String)
  accountName!: string
}
