import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { TextButton } from './TextButton.tsx'
import classes from './ShowMore.module.css'

/** The next page of a list. `load` resolves to the sentence of the refusal, or to undefined. */
export function ShowMore({ load }: { load: () => Promise<string | undefined> }) {
  const [busy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string>()

  async function showMore(): Promise<void> {
    setBusy(true)
    setRefusal(undefined)
    setRefusal(await load())
    setBusy(false)
  }

  if (refusal) {
    return (
      <p role="alert" className={classes.refusal}>
        <Trans>Not loaded: {refusal}</Trans>{' '}
        <TextButton onClick={() => void showMore()}>
          <Trans>Try again</Trans>
        </TextButton>
      </p>
    )
  }
  return (
    <Button variant="default" loading={busy} onClick={() => void showMore()}>
      <Trans>Show more</Trans>
    </Button>
  )
}
