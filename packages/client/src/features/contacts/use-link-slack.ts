import { useMutation } from '@apollo/client/react'
import { useLingui } from '@lingui/react'
import { useEffect, useState } from 'react'
import { useSearchParams } from 'react-router'
import { errorMessages, useRefusalOf } from '../../app/error-messages.ts'
import { LinkSlackDocument } from '../../graphql/generated.ts'

export interface LinkSlack {
  /** Leaves for Slack, which asks there and leads back to this page. */
  link: () => void
  linking: boolean
  /** Whether the person has just come back from there with a link. */
  justLinked: boolean
  /** Why there is no link. */
  problem: string | undefined
}

export function useLinkSlack(): LinkSlack {
  const { i18n } = useLingui()
  const [linkSlack, { loading }] = useMutation(LinkSlackDocument)
  const refusalOf = useRefusalOf()
  const [searchParams, setSearchParams] = useSearchParams()
  const [outcome] = useState(searchParams.get('slack'))
  const [problem, setProblem] = useState(
    outcome === 'failed' ? i18n._(errorMessages.SLACK_LINK_FAILED) : undefined,
  )
  const told = searchParams.has('slack')

  // Said once: who reloads the page, or comes back to it, has read it.
  useEffect(() => {
    if (!told) return
    setSearchParams(
      (before) => {
        before.delete('slack')
        return before
      },
      { replace: true },
    )
  }, [told, setSearchParams])

  async function link(): Promise<void> {
    setProblem(undefined)
    const { data, error } = await linkSlack()
    const url = data?.linkSlack.authorizeUrl
    if (url && isWebAddress(url)) location.assign(url)
    else setProblem(refusalOf(error)?.sentence ?? i18n._(errorMessages.SLACK_LINK_FAILED))
  }

  return { link: () => void link(), linking: loading, justLinked: outcome === 'linked', problem }
}

/** An address that is a script would run in this page. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
