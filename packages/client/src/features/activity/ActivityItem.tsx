import type { FragmentType } from '@apollo/client'
import { useSuspenseFragment } from '@apollo/client/react'
import { Trans as Sentence } from '@lingui/react'
import { Trans, useLingui } from '@lingui/react/macro'
import { UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { Fragment, type ReactElement, createElement, useId, useState } from 'react'
import { useViewer } from '../../app/viewer.tsx'
import { type ActivityItem_EntryFragment, ActivityItem_EntryFragmentDoc } from '../../graphql/generated.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { Logo } from '../../ui/Logo.tsx'
import { ActivityTime } from './ActivityTime.tsx'
import { Changes } from './Changes.tsx'
import { sentenceFor } from './activity-sentences.ts'
import classes from './ActivityItem.module.css'

interface ActivityItemProps {
  entry: FragmentType<ActivityItem_EntryFragment>
  eventNames: ReadonlyMap<string, string>
}

/** One line of the history: who did what, from where and when, and on demand what it was before. */
export function ActivityItem(props: ActivityItemProps) {
  const { data: entry } = useSuspenseFragment({
    fragment: ActivityItem_EntryFragmentDoc,
    from: props.entry,
  })
  const [open, setOpen] = useState(false)
  const detailsId = useId()
  const hasDetails = entry.changes.length > 0
  const Chevron = open ? IconChevronDown : IconChevronRight

  const line = (
    <>
      <ActorMark entry={entry} />
      <span className={classes.text}>
        <span className={classes.sentence}>
          <Deed entry={entry} />
        </span>
        <Origin entry={entry} />
      </span>
      <span className={classes.time}>
        <ActivityTime at={entry.at} />
        {hasDetails && <Chevron aria-hidden size={18} stroke={1.7} />}
      </span>
    </>
  )

  if (!hasDetails) return <li className={classes.line}>{line}</li>
  return (
    <li>
      <UnstyledButton
        className={classes.line}
        aria-expanded={open}
        aria-controls={detailsId}
        onClick={() => setOpen(!open)}
      >
        {line}
      </UnstyledButton>
      <div id={detailsId} hidden={!open}>
        {open && <Changes changes={entry.changes} account={entry.account} eventNames={props.eventNames} />}
      </div>
    </li>
  )
}

type Entry = { entry: ActivityItem_EntryFragment }

/** What acted: a token by its own name, Lanyard by its mark, a person by their picture. */
function ActorMark({ entry }: Entry) {
  if (entry.tokenName) return <Avatar name={entry.tokenName} />
  if (entry.actor) return <Avatar name={entry.actor.name} url={entry.actor.avatarUrl} />
  return (
    <span className={classes.ownMark}>
      <Logo size={16} />
    </span>
  )
}

function Deed({ entry }: Entry) {
  const viewer = useViewer()
  const { actor, tokenName, action, subject } = entry
  const byOneself = actor?.id === viewer.id && !tokenName
  const { own, other } = sentenceFor(action)
  const values = {
    actor: verbatim(tokenName ?? actor?.name ?? 'Lanyard'),
    subject: verbatim(subject),
    action,
  }

  // No JSX: the extractor would look for a text in it, and the texts are in activity-sentences.ts.
  return createElement(Sentence, { ...(byOneself ? own : other), values, components: { 0: <strong /> } })
}

/** Lingui looks for the elements of a sentence in what is put into it too; an element it takes as it is. */
function verbatim(text: string): ReactElement {
  return createElement(Fragment, null, text)
}

function Origin({ entry }: Entry) {
  const { t } = useLingui()
  const { tokenName, device, address } = entry
  const token = tokenName && t`Token ${tokenName}`
  const origin = [token, device, address].filter(Boolean).join(', ')
  return <span className={classes.origin}>{origin || (entry.actor ? null : <Trans>By itself</Trans>)}</span>
}
