import { lengths } from '@lanyard/contract/limits'

import type { Context } from '../context.ts'
import { badInput } from '../errors/app-error.ts'
import { checkText, present } from '../lib/text-input.ts'
import { User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'
import { requireMembership } from './account-user.service.ts'
import type { RecordLastVisitedInput } from './landing.types.ts'

/**
 * Remembers the page, and the account it was looked at in. Not history: nobody wants to read where they clicked.
 * @throws AppError BAD_USER_INPUT when the path leads to another server; NOT_FOUND for an account of others
 */
export async function recordLastVisited(
  { em }: Pick<Context, 'em'>,
  viewer: Viewer,
  { path, accountId }: RecordLastVisitedInput,
): Promise<void> {
  const lastVisitedPath = checkSameOriginPath(path, 'path')
  await em.transactional(async (tx) => {
    const membership = present(accountId)
      ? await requireMembership(tx, viewer, { accountId }, 'accountId')
      : undefined
    const lastAccount = membership ? { lastAccountId: membership.accountId } : {}
    await tx.nativeUpdate(User, { id: viewer.userId }, { lastVisitedPath, ...lastAccount })
  })
}

/**
 * A browser reads `//host`, `/\host` and tabs inside as ways to another server; the URL parser reads them alike.
 * @throws AppError BAD_USER_INPUT
 */
export function checkSameOriginPath(value: string, field: string): string {
  const path = checkText(value, field, { max: lengths.path })
  const origin = 'https://here.invalid'
  const url = path.startsWith('/') && URL.canParse(path, origin) ? new URL(path, origin) : undefined
  if (url?.origin !== origin || url.username || url.pathname.startsWith('//'))
    throw badInput(field, 'FORMAT')
  const sameOriginPath = url.pathname + url.search
  // Written out, a letter may take nine characters.
  if (sameOriginPath.length > lengths.path) throw badInput(field, 'TOO_LONG')
  return sameOriginPath
}
