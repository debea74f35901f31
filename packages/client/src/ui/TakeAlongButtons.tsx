import { Trans } from '@lingui/react/macro'
import { Button, type ButtonProps } from '@mantine/core'
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react'
import type { TakingAlong } from './use-take-along.ts'

interface TakeAlongButtonsProps {
  taking: TakingAlong
  size: 'xs' | 'sm'
  /** The first of them has the focus, and the accent until the secret is taken along. */
  isNext?: boolean
}

/** Copy and download, for what is shown once. */
export function TakeAlongButtons({ taking, size, isNext = false }: TakeAlongButtonsProps) {
  const isCopied = taking.copying === 'copied'
  const CopyIcon = isCopied ? IconCheck : IconCopy
  const icon = { 'aria-hidden': true, size: size === 'xs' ? 16 : 18, stroke: 1.7 }
  const variant: ButtonProps['variant'] = isNext && !taking.isTaken ? 'filled' : 'default'
  return (
    <>
      <Button
        data-autofocus={isNext || undefined}
        variant={variant}
        size={size}
        leftSection={<CopyIcon {...icon} />}
        onClick={taking.copy}
      >
        {isCopied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
      </Button>
      <Button
        variant="default"
        size={size}
        leftSection={<IconDownload {...icon} />}
        onClick={taking.download}
      >
        <Trans>Download</Trans>
      </Button>
    </>
  )
}
