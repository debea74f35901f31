import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { NoticeBar } from '../ui/NoticeBar.tsx'
import { useOutdated } from './outdated.ts'

/** Offers the newer page, and leaves it to the person when: what they have typed is still there. */
export function OutdatedBar() {
  if (!useOutdated()) return null
  return (
    <NoticeBar
      icon={<IconRefresh size={18} stroke={1.7} />}
      end={
        <Button size="xs" variant="default" onClick={() => location.reload()}>
          <Trans>Reload</Trans>
        </Button>
      }
    >
      <Trans>
        <strong>There is a newer Lanyard.</strong> Copy what you have typed, then reload the page.
      </Trans>
    </NoticeBar>
  )
}
