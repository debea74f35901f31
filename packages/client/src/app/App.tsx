import type { ApolloClient } from '@apollo/client'
import { ApolloProvider } from '@apollo/client/react'
import { i18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { MantineProvider } from '@mantine/core'
import type { DataRouter } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { Announcer } from '../ui/Announcer.tsx'
import { theme } from '../ui/theme.ts'

/** What every page stands in: words, theme, data and the address. */
export function App({ client, router }: { client: ApolloClient; router: DataRouter }) {
  return (
    <I18nProvider i18n={i18n}>
      {/* Neither as a style element: the variables are a stylesheet of the build, the classes are not used. */}
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <ApolloProvider client={client}>
          <Announcer>
            <RouterProvider router={router} />
          </Announcer>
        </ApolloProvider>
      </MantineProvider>
    </I18nProvider>
  )
}
