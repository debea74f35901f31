import { type ReactNode, Suspense, createContext, lazy, use, useState } from 'react'

const LogOutDialog = lazy(async () => ({
  default: (await import('../features/security/LogOutDialog.tsx')).LogOutDialog,
}))

const LogOutContext = createContext<() => void>(() => {})

/** Holds the one question before logging out, for every button that asks it. */
export function LogOutProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState(false)
  return (
    <LogOutContext value={() => setAsked(true)}>
      {children}
      {asked && (
        <Suspense>
          <LogOutDialog onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </LogOutContext>
  )
}

/** Asks whether to log out, and does it when told so. */
export function useLogOut(): () => void {
  return use(LogOutContext)
}
