import { useLingui } from '@lingui/react/macro'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'
import { daysBetween } from './day-groups.ts'

/** "Today", "Yesterday", "Friday", and from a week on the date. */
export function DayHeading({ dayKey, anyInstant }: { dayKey: string; anyInstant: string }) {
  const { t } = useLingui()
  const format = useTimeFormat()
  const instant = new Date(anyInstant)

  switch (daysBetween(dayKey, format.dayKey(useNow()))) {
    case 0:
      return t`Today`
    case 1:
      return t`Yesterday`
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return format.weekday(instant)
    default:
      return format.date(instant)
  }
}
