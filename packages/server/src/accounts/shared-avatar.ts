import type { Context } from '../context.ts'
import type { AvatarSize } from '../users/picture-decoding.ts'
import type { Viewer } from '../viewer.ts'

const readSharedAvatar = {
  name: 'shared_avatar',
  text: `select bytes from avatar where id = $1 and size = $2 and (user_id = $3 or exists (
    select from account_user mine
      join account_user theirs on theirs.account_id = mine.account_id and theirs.user_id = avatar.user_id
      where mine.user_id = $3))`,
}

/** A picture of the viewer's own, or of somebody who shares an account with them. */
export async function findSharedAvatar(
  { statements }: Pick<Context, 'statements'>,
  { userId }: Viewer,
  id: string,
  size: AvatarSize,
): Promise<Buffer | undefined> {
  const [avatar] = await statements.run<{ bytes: Buffer }>(readSharedAvatar, [id, size, userId])
  return avatar?.bytes
}
