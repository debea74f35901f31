import { codeOf } from './authenticator-app.ts'
import type { Person } from './make-person.ts'

/** A person's second factor, as their app and their paper hold it. */
export interface TwoFactor {
  secret: string
  recoveryCodes: string[]
}

/** Turns two-factor authentication on, as the security page does. */
export async function turnOnTwoFactor({ call }: Person): Promise<TwoFactor> {
  const started = await call('mutation { startTwoFactorSetup { secret recoveryCodes } }')
  // The document above asks for exactly this.
  const { startTwoFactorSetup } = started as { startTwoFactorSetup: TwoFactor }
  await call(
    'mutation ($input: ConfirmTwoFactorSetupInput!) { confirmTwoFactorSetup(input: $input) { me { id } } }',
    // A code counts once, and none before it: the one of now is left for signing in.
    { input: { code: codeOf(startTwoFactorSetup.secret, -1) } },
  )
  return startTwoFactorSetup
}
