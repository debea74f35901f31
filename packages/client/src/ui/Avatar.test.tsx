import { fireEvent, render } from '@testing-library/react'
import { expect, test } from 'vitest'
import { Avatar, initialsOf } from './Avatar.tsx'

const url = '/avatars/0199f0c4-1280-7000-8000-000000000128/128.webp'

test('a picture is shown in the size that fits, and nobody is read its name twice', () => {
  const { container } = render(<Avatar name="Mara Lindqvist" url={url} size="xl" />)
  const picture = container.querySelector('img')
  expect(picture?.getAttribute('src')).toBe(url)
  expect(picture?.getAttribute('srcset')).toBe(
    [64, 128, 256].map((size) => `${url.slice(0, -8)}${size}.webp ${size}w`).join(', '),
  )
  expect(picture?.getAttribute('sizes')).toBe('4rem')
  expect(picture?.getAttribute('alt')).toBe('')
  expect(container.firstElementChild?.getAttribute('aria-hidden')).toBe('true')
})

test('without a picture, and with one that cannot be had, there are initials; another one is tried', () => {
  const { container, rerender } = render(<Avatar name="Mara Lindqvist" url={null} />)
  expect(container.querySelector('img')).toBeNull()
  expect(container.querySelector('[data-initials="ML"]')).toBeTruthy()

  rerender(<Avatar name="Mara Lindqvist" url={url} />)
  fireEvent.error(container.querySelector('img') ?? container)
  expect(container.querySelector('img')).toBeNull()

  rerender(<Avatar name="Mara Lindqvist" url="/avatars/another/128.webp" />)
  expect(container.querySelector('img')).toBeTruthy()
})

test('initials are those of the first and the last word', () => {
  expect(['Mara Lindqvist', 'Imre', '  ana de la cruz ', '李 小龙', '🦊 Fox'].map(initialsOf)).toEqual([
    'ML',
    'I',
    'AC',
    '李小',
    '🦊F',
  ])
})
