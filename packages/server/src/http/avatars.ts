import type { IncomingMessage } from 'node:http'

import type { ErrorCode } from '@lanyard/contract/error-code'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { findSharedAvatar } from '../accounts/shared-avatar.ts'
import { type Context, requireViewer } from '../context.ts'
import { AppError } from '../errors/app-error.ts'
import { isId } from '../lib/ids.ts'
import { WaitingLine } from '../lib/waiting-line.ts'
import { countAvatarTry } from '../users/avatar-quota.ts'
import { sizeOfFile } from '../users/avatar-url.ts'
import { removeAvatar, setAvatar } from '../users/avatar.service.ts'
import type { PictureDecoding } from '../users/picture-decoding.ts'
import { hasPictureSignature, signatureBytes } from '../users/picture-format.ts'
import type { Viewer } from '../viewer.ts'
import { scopeOfRequest } from './error-scope.ts'
import { refuse } from './graphql-answer.ts'

interface AvatarParts extends Pick<Context, 'limits' | 'statements'> {
  pictures: PictureDecoding
  /** @throws AppError for a request of another site's page, or with a token that is not known */
  identify(request: FastifyRequest): Promise<Viewer | null>
  createContext(request: FastifyRequest, reply: FastifyReply, viewer: Viewer | null): Context
}

interface Picture {
  Params: { id: string; file: string }
}

/** What a picture is handed out with. Whoever opens it as a page gets one that may do nothing. Source: S-P2. */
const pictureHeaders = {
  'content-type': 'image/webp',
  'content-disposition': 'attachment; filename="avatar.webp"',
  'content-security-policy': "default-src 'none'; sandbox",
  // The URL changes with the picture. A week, so that browsers forget in time who has left.
  'cache-control': 'private, max-age=604800, immutable',
}

const pictureTypes = /^image\/(?:png|jpeg|webp)$/i

/**
 * Serves `PUT /me/avatar` with the picture itself as the body, `DELETE /me/avatar`, and the pictures. All three are
 * for people at a browser; there is no form for them, as what a form sends no browser asks about first.
 */
export function serveAvatars(app: FastifyInstance, parts: AvatarParts): void {
  const { limits, statements, pictures, identify, createContext } = parts
  const uploads = new WaitingLine({ atOnce: limits.avatar.concurrentUploads, waiting: 0 })

  app.get<Picture>('/avatars/:id/:file', async (request, reply) => {
    try {
      const { id, file } = request.params
      const viewer = await identify(request)
      const size = sizeOfFile(file)
      if (viewer?.credential.kind !== 'session' || !isId(id) || !size) throw new AppError('NOT_FOUND')
      const bytes = await findSharedAvatar({ statements }, viewer, id, size)
      if (!bytes) throw new AppError('NOT_FOUND')

      const etag = `"${id}-${size}"`
      void reply.headers({ ...pictureHeaders, etag })
      return await (request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(bytes))
    } catch (error) {
      return answerRefusal(request, reply, error)
    }
  })

  app.delete('/me/avatar', async (request, reply) => {
    try {
      const viewer = requirePerson(await identify(request))
      await removeAvatar(createContext(request, reply, viewer), viewer)
      return await reply.send({ avatarUrl: null })
    } catch (error) {
      return answerRefusal(request, reply, error)
    }
  })

  void app.register((scope, _options, done) => {
    // The body is read below, once it is known whose it is and that there is room for it.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, parsed) => parsed(null))
    scope.put('/me/avatar', async (request, reply) => {
      try {
        const viewer = requirePerson(await identify(request))
        checkHead(request, limits.avatar.bytes)
        const context = createContext(request, reply, viewer)
        const avatarUrl = await uploads.run(async () => {
          await countAvatarTry(context, viewer)
          const picture = await readPicture(request.raw, limits.avatar.bytes)
          return setAvatar(context, viewer, await pictures.decode(picture, whenGone(reply)))
        })
        return await reply.send({ avatarUrl })
      } catch (error) {
        return answerRefusal(request, reply, error)
      }
    })
    done()
  })
}

/** @throws AppError UNAUTHENTICATED, or FORBIDDEN for a token: a person's face is not for programs to change */
function requirePerson(viewer: Viewer | null): Viewer {
  const person = requireViewer({ viewer })
  if (person.credential.kind !== 'session') throw new AppError('FORBIDDEN')
  return person
}

/** @throws AppError PICTURE_UNREADABLE, PICTURE_TOO_LARGE by what the request says of its body */
function checkHead({ headers }: FastifyRequest, mostBytes: number): void {
  if (!pictureTypes.test(headers['content-type'] ?? '')) throw new AppError('PICTURE_UNREADABLE')
  if (Number(headers['content-length'] ?? 0) > mostBytes) throw new AppError('PICTURE_TOO_LARGE')
}

/**
 * Takes the body as it comes, and no more of it once it is no picture or too large.
 * @throws AppError PICTURE_UNREADABLE, PICTURE_TOO_LARGE
 */
async function readPicture(body: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  let isChecked = false
  // The answer still has to go out on the connection of a body that is not read to its end.
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > mostBytes) throw new AppError('PICTURE_TOO_LARGE')
    if (isChecked || bytes < signatureBytes) continue
    if (!hasPictureSignature(Buffer.concat(chunks))) throw new AppError('PICTURE_UNREADABLE')
    isChecked = true
  }
  return Buffer.concat(chunks)
}

/** Told when nobody waits for the answer any more. */
function whenGone({ raw }: FastifyReply): AbortSignal {
  if (raw.destroyed) return AbortSignal.abort()
  const gone = new AbortController()
  raw.once('close', () => gone.abort())
  return gone.signal
}

const statusByCode: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  PICTURE_TOO_LARGE: 413,
  PICTURE_UNREADABLE: 415,
  PICTURE_TOO_MANY_PIXELS: 422,
  PICTURE_ANIMATED: 422,
}

/** In the form of GraphQL's errors, which the page knows to read, with the status that says the same in HTTP. */
function answerRefusal(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const refusal = reply.raw.destroyed && isLeaving(error) ? new AppError('BAD_REQUEST') : error
  const status = (refusal instanceof AppError && statusByCode[refusal.code]) || 400
  // What is left of the body is not taken, so the connection cannot be used for another request.
  if (!request.raw.complete) void reply.header('connection', 'close')
  return refuse(reply, refusal, scopeOfRequest(request, null), status)
}

/** Whether somebody went away in the middle of what they sent: nobody is told, and nothing went wrong here. */
function isLeaving(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as NodeJS.ErrnoException
  return error.name === 'AbortError' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}
