import { avatarSizes } from '@lanyard/contract/limits'
import { type RawBuilder, sql } from 'kysely'

import type { AvatarSize } from './picture-decoding.ts'

const [, usualSize] = avatarSizes
const folder = '/avatars/'
const usualFile = `/${usualSize}.webp`

/** Of the middle size; the others lie beside it. */
export function avatarUrl(id: string): string {
  return `${folder}${id}${usualFile}`
}

/** The same in SQL; null without a picture. */
export function avatarUrlOf(id: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${sql.lit(folder)} || ${id} || ${sql.lit(usualFile)}`
}

/** The size that a file of a picture's folder has, as of '128.webp'. */
export function sizeOfFile(file: string): AvatarSize | undefined {
  return avatarSizes.find((size) => file === `${size}.webp`)
}
