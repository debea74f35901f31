import type { GraphQLResolveInfo } from 'graphql'
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, read, requireViewer } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { PersonalAccessToken } from './personal-access-token.entity.ts'
import { rotatePersonalAccessToken } from './rotate-token.service.ts'
import { ownToken } from './token.reads.ts'
import { createPersonalAccessToken, deletePersonalAccessToken } from './token.service.ts'
import {
  CreatePersonalAccessTokenInput,
  CreatePersonalAccessTokenPayload,
  DeletePersonalAccessTokenInput,
  DeletePersonalAccessTokenPayload,
  RotatePersonalAccessTokenInput,
  RotatePersonalAccessTokenPayload,
} from './token.types.ts'

@Resolver(() => CreatePersonalAccessTokenPayload)
export class TokenResolver {
  @Access('proven')
  @Mutation(() => CreatePersonalAccessTokenPayload)
  createPersonalAccessToken(
    @Arg('input', () => CreatePersonalAccessTokenInput) input: CreatePersonalAccessTokenInput,
    @Ctx() ctx: Context,
  ): Promise<CreatePersonalAccessTokenPayload> {
    return createPersonalAccessToken(ctx, requireViewer(ctx), input)
  }

  @FieldResolver(() => PersonalAccessToken)
  personalAccessToken(
    @Root() { personalAccessTokenId }: CreatePersonalAccessTokenPayload,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PersonalAccessToken> {
    return readToken(ctx, personalAccessTokenId, info)
  }

  @Access('session')
  @Mutation(() => DeletePersonalAccessTokenPayload)
  deletePersonalAccessToken(
    @Arg('input', () => DeletePersonalAccessTokenInput) input: DeletePersonalAccessTokenInput,
    @Ctx() ctx: Context,
  ): Promise<DeletePersonalAccessTokenPayload> {
    return deletePersonalAccessToken(ctx, requireViewer(ctx), input)
  }
}

@Resolver(() => RotatePersonalAccessTokenPayload)
export class TokenRotationResolver {
  @Access('proven')
  @Mutation(() => RotatePersonalAccessTokenPayload, {
    description:
      'Puts a new token in the place of one, with its name, its right and its length of life; the old one goes on working for a while.',
  })
  rotatePersonalAccessToken(
    @Arg('input', () => RotatePersonalAccessTokenInput) input: RotatePersonalAccessTokenInput,
    @Ctx() ctx: Context,
  ): Promise<RotatePersonalAccessTokenPayload> {
    return rotatePersonalAccessToken(ctx, requireViewer(ctx), input)
  }

  @FieldResolver(() => PersonalAccessToken, { description: 'The new one.' })
  personalAccessToken(
    @Root() { personalAccessTokenId }: RotatePersonalAccessTokenPayload,
    @Ctx() ctx: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<PersonalAccessToken> {
    return readToken(ctx, personalAccessTokenId, info)
  }
}

async function readToken(ctx: Context, id: string, info: GraphQLResolveInfo): Promise<PersonalAccessToken> {
  const [token] = await read(ctx, ownToken, { id }, info)
  if (!token) throw new AppError('NOT_FOUND')
  // The statement read what the selection asks of a token.
  return token as PersonalAccessToken
}
