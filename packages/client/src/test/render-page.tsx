import { ApolloProvider } from '@apollo/client/react'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import { render } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { type ReactNode, Suspense } from 'react'
import { createMemoryRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { createApolloClient } from '../app/apollo-client.ts'
import { askForProof } from '../app/step-up.ts'
import { Announcer } from '../ui/Announcer.tsx'
import { TimeFormatProvider } from '../ui/TimeFormat.tsx'
import { theme } from '../ui/theme.ts'
import type { ServerDouble } from './server-double.ts'

interface RenderOptions {
  server: ServerDouble
  /** Where the person is; the page is shown at every path. */
  path?: string
  timeZone?: string
}

/** Shows a page in English as the app would, talking to `server`. */
export function renderPage(page: ReactNode, { server, path = '/', timeZone = 'UTC' }: RenderOptions) {
  i18n.loadAndActivate({ locale: 'en', messages: {} })
  const client = createApolloClient({
    send: server.send,
    socket: server.socket,
    onSignedOut: () => {},
    onOutdated: () => {},
    prove: askForProof,
  })
  const router = createMemoryRouter([{ path: '*', element: <Suspense>{page}</Suspense> }], {
    initialEntries: [path],
  })

  const view = render(
    <I18nProvider i18n={i18n}>
      <MantineProvider theme={theme} env="test">
        <ApolloProvider client={client}>
          <TimeFormatProvider timeZone={timeZone} locale="en-GB">
            <Announcer>
              <RouterProvider router={router} />
            </Announcer>
          </TimeFormatProvider>
        </ApolloProvider>
      </MantineProvider>
    </I18nProvider>,
  )
  return { ...view, client, router, user: userEvent.setup() }
}
