import 'reflect-metadata'

import type { GraphQLSchema } from 'graphql'
import { buildSchema, type NonEmptyArray, type PubSub } from 'type-graphql'

import { enforceAccess } from './access.ts'
import { accountReads } from './accounts/account.reads.ts'
import { AccountResolver, payloadWithAccount, payloadWithAccountUser } from './accounts/account.resolver.ts'
import { AccountUsersResolver } from './accounts/account-users.resolver.ts'
import { landingReads } from './accounts/landing.reads.ts'
import { LandingResolver } from './accounts/landing.resolver.ts'
import { RecordLastVisitedPayload } from './accounts/landing.types.ts'
import { activityReads } from './activity/activity.reads.ts'
import { addressHealthReads } from './contacts/address-health.ts'
import { contactReads } from './contacts/contact.reads.ts'
import { pushDeviceReads } from './contacts/push-device.reads.ts'
import { PushDeviceResolver } from './contacts/push-device.resolver.ts'
import { RegisterPushDevicePayload, RemovePushDevicePayload } from './contacts/push-device.types.ts'
import { slackLinkReads } from './contacts/slack-link.reads.ts'
import { SlackLinkResolver } from './contacts/slack-link.resolver.ts'
import { LinkSlackPayload, UnlinkSlackPayload } from './contacts/slack-link.types.ts'
import { TestNotificationResolver } from './contacts/test-notification.resolver.ts'
import { SendTestNotificationPayload } from './contacts/test-notification.types.ts'
import { userChannelReads } from './contacts/user-channel.reads.ts'
import { EmailResolver, payloadWithEmail } from './contacts/email.resolver.ts'
import {
  AddEmailPayload,
  RemoveEmailPayload,
  ResendEmailCodePayload,
  SetPrimaryEmailPayload,
  VerifyEmailPayload,
} from './contacts/email.types.ts'
import { payloadWithPhone, PhoneResolver } from './contacts/phone.resolver.ts'
import {
  AddPhonePayload,
  RemovePhonePayload,
  ResendPhoneCodePayload,
  SetPrimaryPhonePayload,
  VerifyPhonePayload,
} from './contacts/phone.types.ts'
import type { Context } from './context.ts'
import type { CarriedChannel } from './delivery/channel.ts'
import { deliveryReads } from './delivery/delivery.reads.ts'
import { DeliverySubscription } from './delivery/delivery.subscription.ts'
import { resolveContributedFields } from './lib/contributed-field.ts'
import { ReadModel } from './lib/read-model.ts'
import { badgeReads } from './notifications/badge.ts'
import { InboxSubscription } from './notifications/inbox.subscription.ts'
import { notificationReads } from './notifications/notification.reads.ts'
import {
  InboxResolver,
  SetAllNotificationsReadPayloadResolver,
  SetNotificationsReadPayloadResolver,
} from './notifications/notification.resolver.ts'
import { preferenceReads } from './notifications/preference.reads.ts'
import { PreferenceResolver } from './notifications/preference.resolver.ts'
import { SetNotificationPreferencesPayload } from './notifications/preference.types.ts'
import { PublishEventResolver } from './notifications/publish-event.resolver.ts'
import { AttachRuleResolver } from './rules/attach-rule.resolver.ts'
import { SetAccountUserNotificationRulePayload } from './rules/attach-rule.types.ts'
import { namingRuleReads } from './rules/naming-rule.reads.ts'
import { ruleReads } from './rules/notification-rule.reads.ts'
import { closingReads } from './security/closing.ts'
import { deactivationReads } from './security/deactivation.reads.ts'
import { DeactivationResolver } from './security/deactivation.resolver.ts'
import { RemoveAccountUserPayload, SetUserEnabledPayload } from './security/deactivation.types.ts'
import { IntrusionResolver } from './security/intrusion.resolver.ts'
import { FinishRecoveryPayload, LockEverythingPayload } from './security/intrusion.types.ts'
import { passwordReads } from './security/password.reads.ts'
import { PasswordResolver } from './security/password.resolver.ts'
import {
  ChangePasswordPayload,
  RequestPasswordResetPayload,
  ResetPasswordPayload,
} from './security/password.types.ts'
import { recoveryReads } from './security/recovery.ts'
import { removedEmailReads } from './security/removed-email.reads.ts'
import { RemovedEmailResolver } from './security/removed-email.resolver.ts'
import { ForgetRemovedEmailPayload } from './security/removed-email.types.ts'
import { passkeyReads } from './security/passkey.reads.ts'
import { PasskeyResolver, payloadWithPasskey } from './security/passkey.resolver.ts'
import {
  AddPasskeyPayload,
  RemovePasskeyPayload,
  RenamePasskeyPayload,
  SignInWithPasskeyPayload,
} from './security/passkey.types.ts'
import { SecondFactorResolver } from './security/second-factor.resolver.ts'
import { SubmitSecondFactorPayload } from './security/second-factor.types.ts'
import { sessionReads } from './security/session.reads.ts'
import { SessionResolver } from './security/session.resolver.ts'
import { RevokeSessionPayload, SignOutOthersPayload } from './security/session.types.ts'
import { SignInResolver } from './security/sign-in.resolver.ts'
import { SignInPayload, SignOutPayload } from './security/sign-in.types.ts'
import { stepUpReads } from './security/step-up.reads.ts'
import { StepUpResolver } from './security/step-up.resolver.ts'
import { twoFactorReads } from './security/two-factor.reads.ts'
import { TwoFactorResolver } from './security/two-factor.resolver.ts'
import {
  ConfirmTwoFactorSetupPayload,
  DisableTwoFactorPayload,
  RegenerateRecoveryCodesPayload,
  ResetTwoFactorPayload,
} from './security/two-factor.types.ts'
import { ssoConnectionReads } from './security/sso/sso-connection.reads.ts'
import { payloadWithSsoConnection, SsoConnectionResolver } from './security/sso/sso-connection.resolver.ts'
import { SsoRefusalResolver } from './security/sso/sso-refusal.resolver.ts'
import {
  CreateSsoConnectionPayload,
  DeleteSsoConnectionPayload,
  DisableSsoConnectionPayload,
  EnableSsoConnectionPayload,
  SetSignInPolicyPayload,
  UpdateSsoConnectionPayload,
} from './security/sso/sso-connection.types.ts'
import { AccountTokensResolver } from './tokens/account-tokens.resolver.ts'
import { tokenReads } from './tokens/token.reads.ts'
import { TokenResolver, TokenRotationResolver } from './tokens/token.resolver.ts'
import {
  CreatePersonalAccessTokenPayload,
  DeletePersonalAccessTokenPayload,
  RevokePersonalAccessTokenPayload,
  RotatePersonalAccessTokenPayload,
  SetTokenPolicyPayload,
} from './tokens/token.types.ts'
import { userReads } from './users/user.reads.ts'
import { payloadWithMe, UserResolver } from './users/user.resolver.ts'
import {
  SetNotificationChannelsPayload,
  UpdatePreferencesPayload,
  UpdateProfilePayload,
} from './users/user.types.ts'
import { userDeliveryReads } from './users/user-deliveries.reads.ts'
import { UserDeliveriesResolver } from './users/user-deliveries.resolver.ts'
import { userActivityReads } from './users/user-activity.reads.ts'
import { UserActivityResolver } from './users/user-activity.resolver.ts'
import type { Viewer } from './viewer.ts'

/** Every resolver, in the order in which features may import each other. */
const resolvers: NonEmptyArray<Parameters<typeof payloadWithMe>[0]> = [
  DeliverySubscription,
  UserResolver,
  payloadWithMe(UpdateProfilePayload),
  payloadWithMe(UpdatePreferencesPayload),
  payloadWithMe(SetNotificationChannelsPayload),
  UserActivityResolver,
  UserDeliveriesResolver,
  PushDeviceResolver,
  payloadWithMe(RegisterPushDevicePayload),
  payloadWithMe(RemovePushDevicePayload),
  SlackLinkResolver,
  payloadWithMe(LinkSlackPayload),
  payloadWithMe(UnlinkSlackPayload),
  TestNotificationResolver,
  payloadWithMe(SendTestNotificationPayload),
  EmailResolver,
  ...[AddEmailPayload, VerifyEmailPayload, ResendEmailCodePayload, SetPrimaryEmailPayload].flatMap(
    (payload) => [payloadWithEmail(payload), payloadWithMe(payload)],
  ),
  payloadWithMe(RemoveEmailPayload),
  PhoneResolver,
  ...[AddPhonePayload, VerifyPhonePayload, ResendPhoneCodePayload, SetPrimaryPhonePayload].flatMap(
    (payload) => [payloadWithPhone(payload), payloadWithMe(payload)],
  ),
  payloadWithMe(RemovePhonePayload),
  AccountResolver,
  AccountUsersResolver,
  LandingResolver,
  payloadWithMe(RecordLastVisitedPayload),
  SignInResolver,
  payloadWithMe(SignInPayload, { nullable: true }),
  payloadWithMe(SignOutPayload, { nullable: true }),
  DeactivationResolver,
  payloadWithMe(RemoveAccountUserPayload),
  payloadWithMe(SetUserEnabledPayload),
  PasswordResolver,
  payloadWithMe(ChangePasswordPayload, { nullable: true }),
  payloadWithMe(RequestPasswordResetPayload, { nullable: true }),
  payloadWithMe(ResetPasswordPayload, { nullable: true }),
  IntrusionResolver,
  payloadWithMe(LockEverythingPayload, { nullable: true }),
  payloadWithMe(FinishRecoveryPayload),
  RemovedEmailResolver,
  payloadWithMe(ForgetRemovedEmailPayload),
  SessionResolver,
  payloadWithMe(RevokeSessionPayload, { nullable: true }),
  payloadWithMe(SignOutOthersPayload),
  SecondFactorResolver,
  payloadWithMe(SubmitSecondFactorPayload, { nullable: true }),
  TwoFactorResolver,
  payloadWithMe(ConfirmTwoFactorSetupPayload),
  payloadWithMe(DisableTwoFactorPayload),
  payloadWithMe(RegenerateRecoveryCodesPayload),
  payloadWithMe(ResetTwoFactorPayload),
  PasskeyResolver,
  payloadWithMe(SignInWithPasskeyPayload, { nullable: true }),
  ...[AddPasskeyPayload, RenamePasskeyPayload].flatMap((payload) => [
    payloadWithPasskey(payload),
    payloadWithMe(payload),
  ]),
  payloadWithMe(RemovePasskeyPayload),
  StepUpResolver,
  SsoConnectionResolver,
  SsoRefusalResolver,
  ...[
    CreateSsoConnectionPayload,
    UpdateSsoConnectionPayload,
    EnableSsoConnectionPayload,
    DisableSsoConnectionPayload,
  ].flatMap((payload) => [payloadWithSsoConnection(payload), payloadWithAccount(payload)]),
  payloadWithAccount(DeleteSsoConnectionPayload),
  payloadWithAccount(SetSignInPolicyPayload),
  TokenResolver,
  TokenRotationResolver,
  AccountTokensResolver,
  payloadWithAccountUser(CreatePersonalAccessTokenPayload),
  payloadWithAccountUser(DeletePersonalAccessTokenPayload),
  payloadWithAccountUser(RotatePersonalAccessTokenPayload),
  payloadWithAccount(SetTokenPolicyPayload),
  payloadWithAccount(RevokePersonalAccessTokenPayload),
  InboxResolver,
  SetNotificationsReadPayloadResolver,
  SetAllNotificationsReadPayloadResolver,
  InboxSubscription,
  PreferenceResolver,
  payloadWithAccountUser(SetNotificationPreferencesPayload),
  PublishEventResolver,
  AttachRuleResolver,
  payloadWithAccountUser(SetAccountUserNotificationRulePayload),
]

interface ReadSettings {
  /** The channels that this server can send over. */
  configured: ReadonlySet<CarriedChannel>
  /** How long a session lives unused. */
  idleSeconds: number
  /** How long a proof of who somebody is counts. */
  provenSeconds: number
  /** Under which identity providers know this server. */
  publicUrl: URL
}

/** How every field that is stored is read, feature by feature: the root's one statement is put together from these. */
export function readModelOf({
  configured,
  idleSeconds,
  provenSeconds,
  publicUrl,
}: ReadSettings): ReadModel<Viewer> {
  return new ReadModel<Viewer>([
    ...activityReads,
    ...deliveryReads,
    ...userReads,
    ...userActivityReads,
    ...userDeliveryReads,
    ...contactReads,
    ...pushDeviceReads,
    ...slackLinkReads,
    ...addressHealthReads,
    ...userChannelReads(configured),
    ...accountReads,
    ...landingReads,
    ...sessionReads(idleSeconds),
    ...passwordReads,
    ...closingReads,
    ...deactivationReads,
    ...recoveryReads,
    ...removedEmailReads,
    ...twoFactorReads,
    ...passkeyReads,
    ...stepUpReads(provenSeconds),
    ...ssoConnectionReads(publicUrl),
    ...tokenReads,
    ...notificationReads,
    ...badgeReads,
    ...preferenceReads,
    ...ruleReads,
    ...namingRuleReads,
  ])
}

/** Which fields are read, and of which types: what is configured changes neither. */
export const reads = readModelOf({
  configured: new Set(),
  idleSeconds: 0,
  provenSeconds: 0,
  publicUrl: new URL('http://localhost'),
})

/**
 * type-graphql asks for one although every subscription brings its own source: its default ends the process when a
 * reader falls 1,024 events behind.
 */
const noPubSub: PubSub = {
  publish: () => {
    throw new Error('events travel over the database')
  },
  subscribe: (topic) => {
    throw new Error(`nothing is published on ${topic}`)
  },
}

export async function createSchema(): Promise<GraphQLSchema> {
  const schema = await buildSchema({ resolvers, validate: false, pubSub: noPubSub })
  resolveContributedFields(schema, reads, (context) => (context as Context).viewer)
  enforceAccess(schema)
  return schema
}
