import { Suspense, lazy } from 'react'
import { useProofQuestion } from './step-up.ts'

const StepUpDialog = lazy(async () => ({
  default: (await import('../features/security/StepUpDialog.tsx')).StepUpDialog,
}))

/** Where every page asks for fresh proof. */
export function StepUp() {
  const settle = useProofQuestion()
  if (!settle) return null
  return (
    <Suspense>
      <StepUpDialog onProven={() => settle(true)} onCancel={() => settle(false)} />
    </Suspense>
  )
}
