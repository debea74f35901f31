import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { IconAddressBook, IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { type HealthLine_UserFragment, HealthLine_UserFragmentDoc } from '../../graphql/generated.ts'
import { Card } from '../../ui/Card.tsx'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { useNow } from '../../ui/use-now.ts'
import { type HealthSummary, healthSummary } from './health-summary.ts'
import classes from './HealthLine.module.css'

/**
 * The answer before everything else: which addresses need the person, and whether the others work. Green stands for
 * what is known only, so where nothing arrived lately it is neutral.
 */
export function HealthLine(props: { user: FragmentType<HealthLine_UserFragment> }) {
  const { data: user } = useSuspenseFragment({ fragment: HealthLine_UserFragmentDoc, from: props.user })
  const health = healthSummary(user, useNow())
  const tone = health.needy > 0 ? 'warn' : health.working > 0 ? 'ok' : 'neutral'
  const Icon = { warn: IconAlertTriangle, ok: IconCircleCheck, neutral: IconAddressBook }[tone]

  return (
    <Card>
      <div className={classes.line}>
        <span aria-hidden className={classes.icon} data-tone={tone}>
          <Icon size={18} stroke={1.7} />
        </span>
        <div>
          <p className={classes.answer}>
            <Answer health={health} />
          </p>
          <p className={classes.details}>
            <Details health={health} />
          </p>
        </div>
      </div>
    </Card>
  )
}

function Answer({ health: { total, needy } }: { health: HealthSummary }) {
  const { t } = useLingui()
  if (total === 0) return t`You have no addresses yet`
  if (total === 1 && needy === 1) return t`Your address needs you`
  if (needy > 0) {
    return t`${needy} of ${total} ${plural(needy, { one: 'addresses needs you', other: 'addresses need you' })}`
  }
  return t`${plural(total, { one: 'Your address is proven', other: 'All # addresses are proven' })}`
}

function Details({ health }: { health: HealthSummary }) {
  const { t } = useLingui()
  const faults = useFaults(health)
  const { total, needy, usable, working } = health
  if (total === 0) return <Trans>Add an email or a phone, so that messages reach you.</Trans>

  const others = needy > 0
  const known = () => {
    if (usable === 0) return t`Nothing reaches you outside of this page.`
    if (working === 0) return t`Nothing was delivered in the last 24 hours.`
    return others
      ? t`${plural(working, { one: 'One other', other: '# others' })} worked in the last 24 hours, so messages still reach you.`
      : t`${plural(working, { one: 'One of them', other: '# of them' })} worked in the last 24 hours.`
  }
  return (
    <>
      {faults} {known()}
    </>
  )
}

/** As "One email is blocked and one phone is not verified."; undefined when there is nothing to mend. */
function useFaults({ emails, phones }: HealthSummary): string | undefined {
  const { t } = useLingui()
  const { locale } = useTimeFormat()
  const faults: [number, string][] = [
    [
      emails.BLOCKED,
      t`${plural(emails.BLOCKED, { one: 'one email is blocked', other: '# emails are blocked' })}`,
    ],
    [
      emails.OPTED_OUT,
      t`${plural(emails.OPTED_OUT, { one: 'one email is opted out', other: '# emails are opted out' })}`,
    ],
    [
      emails.UNVERIFIED,
      t`${plural(emails.UNVERIFIED, { one: 'one email is not verified', other: '# emails are not verified' })}`,
    ],
    [
      phones.BLOCKED,
      t`${plural(phones.BLOCKED, { one: 'one phone is blocked', other: '# phones are blocked' })}`,
    ],
    [
      phones.OPTED_OUT,
      t`${plural(phones.OPTED_OUT, { one: 'one phone is opted out', other: '# phones are opted out' })}`,
    ],
    [
      phones.UNVERIFIED,
      t`${plural(phones.UNVERIFIED, { one: 'one phone is not verified', other: '# phones are not verified' })}`,
    ],
  ]
  const sentences = faults.filter(([count]) => count > 0).map(([, sentence]) => sentence)
  if (sentences.length === 0) return undefined
  const [first = '', ...rest] = new Intl.ListFormat(locale).format(sentences)
  return `${first.toLocaleUpperCase(locale)}${rest.join('')}.`
}
