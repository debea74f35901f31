import { IconAlertTriangleFilled, IconBan, IconCircleCheckFilled, IconClock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './StatusText.module.css'

export type StatusTone = 'ok' | 'warn' | 'danger' | 'waiting'

const icons = {
  ok: IconCircleCheckFilled,
  warn: IconAlertTriangleFilled,
  danger: IconBan,
  waiting: IconClock,
}

/** A state in a word, with its icon and its colour: never by colour alone. */
export function StatusText({ tone, children }: { tone: StatusTone; children: ReactNode }) {
  const Icon = icons[tone]
  return (
    <span className={classes.status} data-tone={tone}>
      <Icon aria-hidden size={15} />
      <span>{children}</span>
    </span>
  )
}
