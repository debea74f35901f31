import { IconAlertTriangle, IconCircleCheckFilled, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './Callout.module.css'

export type CalloutTone = 'ok' | 'warn' | 'danger' | 'neutral'

const icons = {
  ok: IconCircleCheckFilled,
  warn: IconAlertTriangle,
  danger: IconAlertTriangle,
  neutral: IconInfoCircle,
}

/** A few words in a box below what they are about. */
export function Callout({ tone, children }: { tone: CalloutTone; children: ReactNode }) {
  const Icon = icons[tone]
  return (
    <div className={classes.callout} data-tone={tone}>
      <Icon aria-hidden size={tone === 'ok' ? 16 : 18} stroke={1.7} />
      <div className={classes.text}>{children}</div>
    </div>
  )
}
