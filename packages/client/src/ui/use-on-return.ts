import { useEffect, useEffectEvent } from 'react'

/** Calls back when the person comes back to this tab from another one, or from another window. */
export function useOnReturn(callback: () => void): void {
  const onReturn = useEffectEvent(callback)
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') onReturn()
    }
    addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
}
