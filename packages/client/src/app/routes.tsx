import type { ApolloClient } from '@apollo/client'
import { type DataRouter, type LoaderFunctionArgs, createBrowserRouter, redirect } from 'react-router'
import {
  LandingDocument,
  ProfileDocument,
  ShellDocument,
  SignInStepDocument,
} from '../graphql/generated.ts'
import { AccountPages } from './AccountPages.tsx'
import { ErrorPage } from './ErrorPage.tsx'
import { showLanguage } from './languages.ts'
import { PageNotLoaded } from './page-not-loaded.ts'
import { continuingSignIn, paths, returnPath, signInReturningTo } from './paths.ts'
import { Shell } from './Shell.tsx'
import { StartingPage } from './StartingPage.tsx'

/** Every page by its path. A page's code is fetched when it is first opened. */
export function createRouter(client: ApolloClient): DataRouter {
  return createBrowserRouter([
    {
      ErrorBoundary: ErrorPage,
      HydrateFallback: StartingPage,
      children: [
        { path: paths.home, loader: () => leadToLandingPage(client) },
        {
          path: paths.signIn,
          loader: (args) => leadOnWhoIsSignedIn(client, args),
          lazy: { Component: async () => (await import('../features/security/SignInPage.tsx')).SignInPage },
        },
        {
          path: paths.secondFactor,
          loader: (args) => leadToSignInStep(client, args),
          lazy: {
            Component: async () =>
              (await import('../features/security/SecondFactorPage.tsx')).SecondFactorPage,
          },
        },
        {
          path: paths.organisation,
          loader: (args) => leadToSignInStep(client, args),
          lazy: {
            Component: async () =>
              (await import('../features/security/OrganisationPage.tsx')).OrganisationPage,
          },
        },
        {
          path: paths.forgotPassword,
          lazy: {
            Component: async () =>
              (await import('../features/security/ForgotPasswordPage.tsx')).ForgotPasswordPage,
          },
        },
        {
          path: paths.resetPassword,
          lazy: {
            Component: async () =>
              (await import('../features/security/ResetPasswordPage.tsx')).ResetPasswordPage,
          },
        },
        {
          loader: (args) => loadShell(client, args),
          shouldRevalidate: () => false,
          Component: Shell,
          children: [
            {
              path: paths.settings,
              lazy: { Component: async () => (await import('./SettingsListPage.tsx')).SettingsListPage },
            },
            {
              path: paths.profile,
              // The page asks again when it is drawn and finds this answer, or waits for it.
              loader: () => void client.query({ query: ProfileDocument }).catch(() => undefined),
              lazy: { Component: async () => (await import('./ProfilePage.tsx')).ProfilePage },
            },
            {
              path: paths.contacts,
              lazy: {
                Component: async () => (await import('../features/contacts/ContactsPage.tsx')).ContactsPage,
              },
            },
            {
              path: paths.deliveries(),
              lazy: {
                Component: async () =>
                  (await import('../features/contacts/DeliveriesPage.tsx')).DeliveriesPage,
              },
            },
            {
              path: paths.security,
              lazy: { Component: async () => (await import('./SecurityPage.tsx')).SecurityPage },
            },
            {
              path: paths.activity,
              lazy: {
                Component: async () => (await import('../features/activity/ActivityPage.tsx')).ActivityPage,
              },
            },
            {
              Component: AccountPages,
              children: [
                {
                  path: paths.notifications,
                  lazy: {
                    Component: async () =>
                      (await import('../features/notifications/NotificationSettingsPage.tsx'))
                        .NotificationSettingsPage,
                  },
                },
                {
                  path: paths.tokens,
                  lazy: {
                    Component: async () => (await import('../features/tokens/TokensPage.tsx')).TokensPage,
                  },
                },
                {
                  path: paths.members,
                  lazy: {
                    Component: async () =>
                      (await import('../features/accounts/MembersPage.tsx')).MembersPage,
                  },
                },
                {
                  path: paths.signInSettings,
                  lazy: {
                    Component: async () => (await import('./SignInSettingsPage.tsx')).SignInSettingsPage,
                  },
                },
              ],
            },
            // The shell shows the inbox over the page that was there before.
            { path: paths.inbox },
            { path: paths.notification(':id') },
            {
              path: '*',
              lazy: { Component: async () => (await import('./NotFoundPage.tsx')).NotFoundPage },
            },
          ],
        },
      ],
    },
  ])
}

async function leadToLandingPage(client: ApolloClient): Promise<Response> {
  return redirect((await landingPath(client)) ?? paths.signIn)
}

async function leadOnWhoIsSignedIn(
  client: ApolloClient,
  { request }: LoaderFunctionArgs,
): Promise<Response | null> {
  const landing = await landingPath(client)
  if (landing) return leadOn(request, landing)
  const { search, searchParams } = new URL(request.url)
  // The name that nobody signs in under is mended where it was typed.
  return searchParams.get('sso') === 'NOT_FOUND' ? redirect(paths.organisation + search) : null
}

/** To the step of signing in that this browser is at, as the server knows: a page that is loaded anew stays there. */
async function leadToSignInStep(
  client: ApolloClient,
  { request }: LoaderFunctionArgs,
): Promise<Response | null> {
  const { data, error } = await client.query({ query: SignInStepDocument, fetchPolicy: 'network-only' })
  if (!data) throw new PageNotLoaded(error)
  if (data.me) return leadOn(request, data.me.landingPath)
  const { pathname, search } = new URL(request.url)
  if (pathname !== paths.secondFactor) return null
  const status = data.pendingSignIn?.status
  if (status === 'SECOND_FACTOR_REQUIRED') return null
  const step = status === 'SSO_REQUIRED' ? paths.organisation : paths.signInAfter('expired')
  return redirect(continuingSignIn(step, { search, hash: hashOf(request) }))
}

function leadOn(request: Request, landingPath: string): Response {
  const next = new URL(request.url).searchParams.get('next')
  return redirect(returnPath(next, hashOf(request)) ?? landingPath)
}

/** Undefined when nobody is signed in. */
async function landingPath(client: ApolloClient): Promise<string | undefined> {
  const { data, error } = await client.query({ query: LandingDocument, fetchPolicy: 'network-only' })
  if (!data) throw new PageNotLoaded(error)
  return data.me?.landingPath
}

/** Who it is and their language, before anything of theirs is drawn. */
async function loadShell(client: ApolloClient, { request }: LoaderFunctionArgs): Promise<null> {
  const { data, error } = await client.query({ query: ShellDocument, fetchPolicy: 'network-only' })
  if (!data) throw new PageNotLoaded(error)
  if (!data.me) {
    const { pathname, search } = new URL(request.url)
    throw redirect(signInReturningTo(pathname + search, hashOf(request)))
  }
  await showLanguage(data.me.language)
  return null
}

/** What follows "#" in the address bar, if that is where the request leads: a request itself comes without. */
function hashOf(request: Request): string {
  const { href, hash } = window.location
  return href === request.url + hash ? hash : ''
}
