import { type ReactNode, createContext, use, useMemo } from 'react'

export interface TimeFormat {
  /** IANA name of the zone every time of the page is shown in: the person's, not the device's. */
  timeZone: string
  /** BCP 47, with the region whose habits decide order, weekdays and 12 or 24 hours. */
  locale: string
  /** As "03:12". */
  time(instant: Date): string
  /** As "23 November", with the year when it is not the present one. */
  date(instant: Date): string
  /** As "Monday". */
  weekday(instant: Date): string
  /** As "3 Nov 2026, 03:12". */
  dateTime(instant: Date): string
  /** As "Monday 23 November 2026 at 03:12:14 GMT-5": for titles, where nothing may be guessed. */
  absolute(instant: Date): string
  /** As "2026-11-23": equal for two instants exactly when they fall on one day there. */
  dayKey(instant: Date): string
}

const TimeFormatContext = createContext<TimeFormat>(timeFormat('UTC', 'en'))

/** Gives everything below it one time zone and one locale for times. */
export function TimeFormatProvider(props: { timeZone: string; locale: string; children: ReactNode }) {
  const { timeZone, locale, children } = props
  const format = useMemo(() => timeFormat(timeZone, locale), [timeZone, locale])
  return <TimeFormatContext value={format}>{children}</TimeFormatContext>
}

export function useTimeFormat(): TimeFormat {
  return use(TimeFormatContext)
}

export function timeFormat(timeZone: string, locale: string): TimeFormat {
  const formatter = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options })
  const time = formatter({ hour: '2-digit', minute: '2-digit' })
  const date = formatter({ day: 'numeric', month: 'long' })
  const dateOfAnotherYear = formatter({ day: 'numeric', month: 'long', year: 'numeric' })
  const weekday = formatter({ weekday: 'long' })
  const dateTime = formatter({ dateStyle: 'medium', timeStyle: 'short' })
  const absolute = formatter({ dateStyle: 'full', timeStyle: 'long' })
  const dayKey = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  const year = (instant: Date) => dayKey.format(instant).slice(0, 4)

  return {
    timeZone,
    locale,
    time: (instant) => time.format(instant),
    date: (instant) => (year(instant) === year(new Date()) ? date : dateOfAnotherYear).format(instant),
    weekday: (instant) => weekday.format(instant),
    dateTime: (instant) => dateTime.format(instant),
    absolute: (instant) => absolute.format(instant),
    dayKey: (instant) => dayKey.format(instant),
  }
}
