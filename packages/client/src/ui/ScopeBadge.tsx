import { Trans } from '@lingui/react/macro'
import { IconWorld } from '@tabler/icons-react'
import { AccountSquare } from './AccountSquare.tsx'
import { Pill } from './Pill.tsx'

/** Whose setting it is: the person's in every account, or that of one account. */
export type Scope = 'global' | { accountName: string }

export function ScopeBadge({ scope }: { scope: Scope }) {
  if (scope === 'global') {
    return (
      <Pill icon={<IconWorld aria-hidden size={13} stroke={1.7} />}>
        <Trans>Global</Trans>
      </Pill>
    )
  }
  return <Pill icon={<AccountSquare name={scope.accountName} />}>{scope.accountName}</Pill>
}
