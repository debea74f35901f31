import { Trans } from '@lingui/react/macro'

/** What a token may do. */
export function TokenRights({ token }: { token: { readOnly: boolean } }) {
  return token.readOnly ? <Trans>Read only</Trans> : <Trans>Read and write</Trans>
}
