import { screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { demoUser } from '../test/demo-user.ts'
import { renderPage } from '../test/render-page.tsx'
import { createServerDouble } from '../test/server-double.ts'
import { CurrentAccountProvider } from './current-account.tsx'
import { ProfilePage } from './ProfilePage.tsx'

const savedUrl = '/avatars/0199f0c4-0000-7000-8000-000000000001/128.webp'
const newUrl = '/avatars/0199f0c4-0000-7000-8000-000000000002/128.webp'
const photograph = new File(['a photograph'], 'me.jpg', { type: 'image/jpeg' })

/** What jsdom has not: a browser that decodes pictures, here those that are called one, and writes them. */
beforeEach(() => {
  vi.stubGlobal('createImageBitmap', (file: File) =>
    file.type === 'image/jpeg'
      ? Promise.resolve({ width: 4000, height: 3000, close: () => {} })
      : Promise.reject(new DOMException('The source image could not be decoded.')),
  )
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null)
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done, type = '') =>
    done(new Blob(['square'], { type })),
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** The server's side of the picture: what arrives there, and what it answers. */
function takePictures(answer: () => Response) {
  const received: { method: string | undefined; type: string | undefined }[] = []
  vi.stubGlobal('fetch', (url: string, { method, body }: { method?: string; body?: Blob }) => {
    expect(url).toBe('/me/avatar')
    received.push({ method, type: body?.type })
    return Promise.resolve(answer())
  })
  return received
}

const refusing = (status: number, extensions: Record<string, unknown>) => () =>
  Response.json({ errors: [{ message: 'not for people', extensions }] }, { status })

async function openUpdateInfo(avatarUrl: string | null) {
  const server = createServerDouble({
    me: demoUser({ avatarUrl }),
    updateProfile: ({ input }: { input: object }) => ({ me: demoUser({ avatarUrl, ...input }) }),
  })
  const page = (
    <CurrentAccountProvider current={undefined}>
      <ProfilePage />
    </CurrentAccountProvider>
  )
  const view = renderPage(page, { server })
  await view.user.click(await screen.findByRole('button', { name: 'Update info' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Update info' }, { timeout: 10_000 }))
  const choose = (file: File) =>
    view.user.upload(dialog.getByLabelText<HTMLInputElement>('Picture', { selector: 'input' }), file)
  const save = () => view.user.click(dialog.getByRole('button', { name: 'Save' }))
  return { ...view, server, dialog, choose, save }
}

function shownPicture(): string | null | undefined {
  return screen.getByRole('region', { name: 'My Info' }).querySelector('img')?.getAttribute('src')
}

test('a picture is seen before it is saved, saved with the rest, and then shown', async () => {
  const received = takePictures(() => Response.json({ avatarUrl: newUrl }))
  const { dialog, choose, save, user } = await openUpdateInfo(null)
  expect(dialog.queryByRole('button', { name: 'Remove picture' })).toBeNull()

  await choose(photograph)
  expect(await dialog.findByRole('button', { name: 'Choose another…' })).toBeTruthy()
  expect(received).toEqual([])
  await user.type(dialog.getByLabelText('Name'), ' Berg')
  await save()

  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(received).toEqual([{ method: 'PUT', type: 'image/webp' }])
  expect(shownPicture()).toBe(newUrl)
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Mara Lindqvist Berg')
})

test('a picture is removed once that is saved, and closing keeps it', async () => {
  const received = takePictures(() => Response.json({ avatarUrl: null }))
  const { dialog, user } = await openUpdateInfo(savedUrl)
  await user.click(dialog.getByRole('button', { name: 'Remove picture' }))
  await user.click(dialog.getByRole('button', { name: 'Cancel' }))
  expect(shownPicture()).toBe(savedUrl)
  expect(received).toEqual([])

  await user.click(screen.getByRole('button', { name: 'Update info' }))
  const again = within(await screen.findByRole('dialog', { name: 'Update info' }))
  await user.click(again.getByRole('button', { name: 'Remove picture' }))
  expect(document.activeElement).toBe(again.getByRole('button', { name: 'Choose a picture…' }))
  await user.click(again.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  expect(received).toEqual([{ method: 'DELETE', type: undefined }])
  expect(shownPicture()).toBeUndefined()
})

test('a file that is no picture is told at once, and sent nowhere', async () => {
  const received = takePictures(() => Response.json({ avatarUrl: newUrl }))
  const { dialog, choose, save } = await openUpdateInfo(null)
  await choose(new File(['MZ'], 'me.png', { type: 'image/png' }))
  expect((await dialog.findByRole('alert')).textContent).toBe(
    'This file is not a picture that can be read. Choose a PNG, JPEG or WebP.',
  )
  await choose(photograph)
  await waitFor(() => expect(dialog.queryByRole('alert')).toBeNull())
  await save()
  await waitFor(() => expect(received).toHaveLength(1))
})

test.each([
  [413, { code: 'PICTURE_TOO_LARGE' }, 'The picture is too large a file. Choose a smaller one.'],
  [
    415,
    { code: 'PICTURE_UNREADABLE' },
    'This file is not a picture that can be read. Choose a PNG, JPEG or WebP.',
  ],
  [422, { code: 'PICTURE_TOO_MANY_PIXELS' }, 'The picture has too many pixels. Choose a smaller one.'],
  [429, { code: 'RATE_LIMITED', retryAfterSeconds: 1740 }, 'Too many tries. Try again in 29 minutes.'],
  [500, { code: 'INTERNAL', requestId: '7f3c-91ab' }, 'The server failed. Request 7f3c-91ab.'],
])('a picture that the server refuses with %i says why, and nothing typed is lost', async (...refusal) => {
  const [status, extensions, sentence] = refusal
  takePictures(refusing(status, extensions))
  const { dialog, choose, save, user } = await openUpdateInfo(savedUrl)
  await choose(photograph)
  await dialog.findByRole('button', { name: 'Choose another…' })
  await save()
  expect((await dialog.findByRole('alert')).textContent?.trim()).toBe(`Nothing was saved. ${sentence}`)

  await user.type(dialog.getByLabelText('Name'), ' Berg')
  await save()
  await waitFor(() =>
    expect(dialog.getByRole('alert').textContent?.trim()).toBe(`Not everything was saved. ${sentence}`),
  )
  expect(dialog.getByLabelText('Name')).toHaveProperty('value', 'Mara Lindqvist Berg')
  expect(shownPicture()).toBe(savedUrl)
})

test('a server that does not answer is told apart', async () => {
  takePictures(() => {
    throw new TypeError('Failed to fetch')
  })
  const { dialog, choose, save } = await openUpdateInfo(null)
  await choose(photograph)
  await dialog.findByRole('button', { name: 'Choose another…' })
  await save()
  expect((await dialog.findByRole('alert')).textContent).toContain('The server did not answer.')
})
