import { useApolloClient } from '@apollo/client/react'
import { useState } from 'react'
import { useLocation, useNavigate } from 'react-router'
import { continuingSignIn, paths, returnPath, signInThroughSso } from '../../app/paths.ts'
import type { SignInStatus } from '../../graphql/generated.ts'

/** How far a sign-in has come, as every step of it answers. */
export interface SignInAnswer {
  status: SignInStatus
  ssoUrl: string | null
  me: { landingPath: string } | null
}

/** What the answer to a step of signing in leads to, from any page of it. */
export function useSignInSteps() {
  const client = useApolloClient()
  const navigate = useNavigate()
  const here = useLocation()
  const [leaving, setLeaving] = useState(false)
  const next = new URLSearchParams(here.search).get('next')

  /** Leads to the next step, or to where the person wanted to go. */
  async function goOn({ status, ssoUrl, me }: SignInAnswer): Promise<void> {
    if (status === 'SECOND_FACTOR_REQUIRED') return navigate(linkTo(paths.secondFactor))
    if (status === 'SSO_REQUIRED') {
      if (ssoUrl === null || ssoUrl === paths.organisation) return navigate(linkTo(paths.organisation))
      return goToOrganisation(ssoUrl)
    }
    // What was read while nobody was signed in says that nobody is.
    await client.clearStore()
    return navigate(returnPath(next, here.hash) ?? me?.landingPath ?? paths.home, { replace: true })
  }

  /** Leaves the page for a route of the server, which leads to another site. */
  function goToOrganisation(ssoUrl: string): void {
    setLeaving(true)
    location.assign(signInThroughSso(ssoUrl, next))
  }

  /** For a sign-in that the server knows nothing of any more. */
  async function startAgain(): Promise<void> {
    await navigate(linkTo(paths.signInAfter('expired')), { replace: true })
  }

  /** Another page of signing in, which leads to the same place in the end. */
  function linkTo(path: string): string {
    return continuingSignIn(path, here)
  }

  return { goOn, goToOrganisation, startAgain, linkTo, leaving }
}
