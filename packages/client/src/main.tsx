import type { ApolloClient } from '@apollo/client'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './ui/styles.ts'
import { App } from './app/App.tsx'
import { createApolloClient } from './app/apollo-client.ts'
import { openSocket } from './app/connection.ts'
import { languageBeforeSignIn, showLanguage } from './app/languages.ts'
import { leaveForSignIn, leaveIfSignedOut } from './app/leave-for-sign-in.ts'
import { reportOutdated } from './app/outdated.ts'
import { createRouter } from './app/routes.tsx'
import { createSocketLink } from './app/socket-link.ts'
import { askForProof } from './app/step-up.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root.')

const socketUrl = new URL('/graphql', location.href)
socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'

const client: ApolloClient = createApolloClient({
  send: (...request) => fetch(...request),
  socket: createSocketLink(openSocket(socketUrl.href, () => void leaveIfSignedOut(client))),
  onSignedOut: leaveForSignIn,
  onOutdated: reportOutdated,
  prove: askForProof,
})

// The words must be there before the first page is, or it would be drawn twice.
await showLanguage(languageBeforeSignIn())

createRoot(root).render(
  <StrictMode>
    <App client={client} router={createRouter(client)} />
  </StrictMode>,
)
