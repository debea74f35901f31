import type { ReactNode } from 'react'
import { Logo } from '../../ui/Logo.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { LanguageChoice } from './LanguageChoice.tsx'
import classes from './SignInFrame.module.css'

interface SignInFrameProps {
  /** Of the page and of its card. */
  title: string
  /** Whether the title takes the focus, on a page that begins with no field. */
  titleFocused?: boolean
  children: ReactNode
}

/** What the pages have in common on which nobody is signed in yet: one card, and the choice of the language. */
export function SignInFrame({ title, titleFocused = false, children }: SignInFrameProps) {
  usePageTitle(title)
  return (
    <main className={classes.page}>
      <p className={classes.brand}>
        <Logo size={36} />
        Lanyard
      </p>
      <div className={classes.card}>
        <h1 tabIndex={-1} ref={titleFocused ? takeFocus : undefined}>
          {title}
        </h1>
        {children}
      </div>
      <LanguageChoice />
    </main>
  )
}

function takeFocus(title: HTMLElement | null): void {
  title?.focus({ preventScroll: true })
}
