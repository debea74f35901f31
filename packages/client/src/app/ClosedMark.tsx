import { Trans } from '@lingui/react/macro'
import { IconLock } from '@tabler/icons-react'
import { Pill } from '../ui/Pill.tsx'

/** Beside the name of an account that this session does not reach. */
export function ClosedMark() {
  return (
    <>
      {' '}
      <Pill icon={<IconLock aria-hidden size={13} stroke={1.7} />}>
        <Trans>Closed</Trans>
      </Pill>{' '}
    </>
  )
}
