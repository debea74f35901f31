import { type ReactNode, createContext, use, useState } from 'react'
import { LogOutDialog } from '../features/security/LogOutDialog.tsx'
import { paths } from './paths.ts'

const LogOutContext = createContext<() => void>(() => {})

/** Holds the one question before logging out, for every button that asks it. */
export function LogOutProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState(false)
  return (
    <LogOutContext value={() => setAsked(true)}>
      {children}
      <LogOutDialog
        opened={asked}
        onClose={() => setAsked(false)}
        // The page is loaded anew, so that nothing of the person stays in memory.
        onLoggedOut={() => location.assign(paths.signIn)}
      />
    </LogOutContext>
  )
}

/** Asks whether to log out, and does it when told so. */
export function useLogOut(): () => void {
  return use(LogOutContext)
}
