import { avatarSizes } from '@lanyard/contract/limits'
import { useState } from 'react'
import classes from './Avatar.module.css'

const widths = { sm: '1.875rem', md: '2rem', lg: '3rem', xl: '4rem' } as const

interface AvatarProps {
  name: string
  /** Of the picture; initials without one. */
  url?: string | null | undefined
  size?: keyof typeof widths
}

/**
 * A person's picture, or their initials: where there is none, until it is there, and where it cannot be had. It is
 * drawn and not written: the name stands beside it, or on the link around it.
 */
export function Avatar({ name, url, size = 'md' }: AvatarProps) {
  const [brokenUrl, setBrokenUrl] = useState<string>()
  return (
    <span aria-hidden className={classes.avatar} data-size={size} data-initials={initialsOf(name)}>
      {url && url !== brokenUrl && (
        <img
          className={classes.picture}
          alt=""
          src={url}
          srcSet={sourcesOf(url)}
          sizes={widths[size]}
          onError={() => setBrokenUrl(url)}
        />
      )}
    </span>
  )
}

/** The sizes of a picture lie beside each other. */
function sourcesOf(url: string): string {
  const folder = url.slice(0, url.lastIndexOf('/') + 1)
  return avatarSizes.map((size) => `${folder}${size}.webp ${size}w`).join(', ')
}

/** The first letters of the first and the last word: "ML" of "Mara Lindqvist", "I" of "Imre". */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  )
  return letters.join('').toLocaleUpperCase()
}
