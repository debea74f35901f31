import { type ActivityAction, activityActions } from '@lanyard/contract/activity-action'
import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'

/** The same deed told of oneself, and of somebody else; `<0>` is who did it. */
interface Sentence {
  own: MessageDescriptor
  other: MessageDescriptor
}

/** Takes {actor} and {subject}. An action of the contract without its sentence is a type error here. */
const sentences: Record<ActivityAction, Sentence> = {
  USER_CREATED: {
    own: msg({ message: '<0>You</0> created your user' }),
    other: msg({ message: '<0>{actor}</0> created your user' }),
  },
  SIGNED_IN: {
    own: msg({ message: '<0>You</0> signed in' }),
    other: msg({ message: '<0>{actor}</0> signed in as you' }),
  },
  SIGNED_OUT: {
    own: msg({ message: '<0>You</0> signed out' }),
    other: msg({ message: '<0>{actor}</0> signed you out' }),
  },
  SESSION_ENDED: {
    own: msg({ message: '<0>You</0> ended the session {subject}' }),
    other: msg({ message: '<0>{actor}</0> ended your session {subject}' }),
  },
  OTHER_SESSIONS_ENDED: {
    own: msg({ message: '<0>You</0> ended your other sessions' }),
    other: msg({ message: '<0>{actor}</0> ended your other sessions' }),
  },
  PASSWORD_CHANGED: {
    own: msg({ message: '<0>You</0> changed your password' }),
    other: msg({ message: '<0>{actor}</0> changed your password' }),
  },
  PASSWORD_RESET_REQUESTED: {
    own: msg({ message: '<0>You</0> asked for a new password' }),
    other: msg({ message: '<0>{actor}</0> sent you a link for a new password' }),
  },
  PASSWORD_RESET: {
    own: msg({ message: '<0>You</0> set a new password by mail' }),
    other: msg({ message: '<0>{actor}</0> set a new password for you' }),
  },
  TWO_FACTOR_ENABLED: {
    own: msg({ message: '<0>You</0> turned on two-factor authentication' }),
    other: msg({ message: '<0>{actor}</0> turned on your two-factor authentication' }),
  },
  TWO_FACTOR_DISABLED: {
    own: msg({ message: '<0>You</0> turned off two-factor authentication' }),
    other: msg({ message: '<0>{actor}</0> turned off your two-factor authentication' }),
  },
  TWO_FACTOR_RESET: {
    own: msg({ message: '<0>You</0> reset the two-factor authentication of {subject}' }),
    other: msg({ message: '<0>{actor}</0> reset your two-factor authentication' }),
  },
  RECOVERY_CODES_REGENERATED: {
    own: msg({ message: '<0>You</0> made new recovery codes' }),
    other: msg({ message: '<0>{actor}</0> made new recovery codes for you' }),
  },
  RECOVERY_CODE_USED: {
    own: msg({ message: '<0>You</0> used a recovery code' }),
    other: msg({ message: '<0>{actor}</0> used one of your recovery codes' }),
  },
  PASSKEY_ADDED: {
    own: msg({ message: '<0>You</0> added the passkey {subject}' }),
    other: msg({ message: '<0>{actor}</0> added the passkey {subject} for you' }),
  },
  PASSKEY_RENAMED: {
    own: msg({ message: '<0>You</0> renamed the passkey {subject}' }),
    other: msg({ message: '<0>{actor}</0> renamed your passkey {subject}' }),
  },
  PASSKEY_REMOVED: {
    own: msg({ message: '<0>You</0> removed the passkey {subject}' }),
    other: msg({ message: '<0>{actor}</0> removed your passkey {subject}' }),
  },
  INTRUSION_REPORTED: {
    own: msg({ message: '<0>You</0> locked everything' }),
    other: msg({ message: '<0>{actor}</0> locked everything, because of a link in your mail' }),
  },
  RECOVERY_FINISHED: {
    own: msg({ message: '<0>You</0> finished taking your user back' }),
    other: msg({ message: '<0>{actor}</0> finished taking your user back' }),
  },
  USER_DISABLED: {
    own: msg({ message: '<0>You</0> disabled {subject}' }),
    other: msg({ message: '<0>{actor}</0> disabled your user' }),
  },
  USER_ENABLED: {
    own: msg({ message: '<0>You</0> enabled {subject}' }),
    other: msg({ message: '<0>{actor}</0> enabled your user' }),
  },
  ACCOUNT_JOINED: {
    own: msg({ message: '<0>You</0> joined {subject}' }),
    other: msg({ message: '<0>{actor}</0> added you to {subject}' }),
  },
  ACCOUNT_LEFT: {
    own: msg({ message: '<0>You</0> left {subject}' }),
    other: msg({ message: '<0>{actor}</0> removed you from {subject}' }),
  },
  MEMBER_REMOVED: {
    own: msg({ message: '<0>You</0> removed somebody from {subject}' }),
    other: msg({ message: '<0>{actor}</0> removed somebody from {subject}' }),
  },
  SSO_LINKED: {
    own: msg({ message: '<0>You</0> linked the single sign-on of {subject}' }),
    other: msg({ message: '<0>{actor}</0> linked the single sign-on of {subject} to you' }),
  },
  SSO_BYPASSED: {
    own: msg({ message: '<0>You</0> reached {subject} without its single sign-on' }),
    other: msg({ message: '<0>{actor}</0> reached {subject} as you without its single sign-on' }),
  },
  SSO_CONNECTION_CREATED: {
    own: msg({ message: '<0>You</0> created the single sign-on {subject}' }),
    other: msg({ message: '<0>{actor}</0> created the single sign-on {subject}' }),
  },
  SSO_CONNECTION_UPDATED: {
    own: msg({ message: '<0>You</0> changed the single sign-on {subject}' }),
    other: msg({ message: '<0>{actor}</0> changed the single sign-on {subject}' }),
  },
  SSO_CONNECTION_DELETED: {
    own: msg({ message: '<0>You</0> deleted the single sign-on {subject}' }),
    other: msg({ message: '<0>{actor}</0> deleted the single sign-on {subject}' }),
  },
  SSO_CONNECTION_TESTED: {
    own: msg({ message: '<0>You</0> tested the single sign-on {subject}' }),
    other: msg({ message: '<0>{actor}</0> tested the single sign-on {subject}' }),
  },
  SSO_ENABLED: {
    own: msg({ message: '<0>You</0> enabled the single sign-on {subject}' }),
    other: msg({ message: '<0>{actor}</0> enabled the single sign-on {subject}' }),
  },
  SSO_DISABLED: {
    own: msg({ message: '<0>You</0> disabled the single sign-on {subject}' }),
    other: msg({ message: '<0>{actor}</0> disabled the single sign-on {subject}' }),
  },
  SIGN_IN_POLICY_SET: {
    own: msg({ message: '<0>You</0> changed how people sign in to {subject}' }),
    other: msg({ message: '<0>{actor}</0> changed how people sign in to {subject}' }),
  },
  PROFILE_UPDATED: {
    own: msg({ message: '<0>You</0> changed your profile' }),
    other: msg({ message: '<0>{actor}</0> changed your profile' }),
  },
  AVATAR_SET: {
    own: msg({ message: '<0>You</0> changed your picture' }),
    other: msg({ message: '<0>{actor}</0> changed your picture' }),
  },
  AVATAR_REMOVED: {
    own: msg({ message: '<0>You</0> removed your picture' }),
    other: msg({ message: '<0>{actor}</0> removed your picture' }),
  },
  PREFERENCES_UPDATED: {
    own: msg({ message: '<0>You</0> changed your preferences' }),
    other: msg({ message: '<0>{actor}</0> changed your preferences' }),
  },
  NOTIFICATION_PREFERENCES_SET: {
    own: msg({ message: '<0>You</0> changed which notifications you get in {subject}' }),
    other: msg({ message: '<0>{actor}</0> changed which notifications you get in {subject}' }),
  },
  NOTIFICATION_RULE_SET: {
    own: msg({ message: '<0>You</0> changed your notification rule in {subject}' }),
    other: msg({ message: '<0>{actor}</0> changed your notification rule in {subject}' }),
  },
  TOKEN_CREATED: {
    own: msg({ message: '<0>You</0> created the access token {subject}' }),
    other: msg({ message: '<0>{actor}</0> created your access token {subject}' }),
  },
  TOKEN_ROTATED: {
    own: msg({ message: '<0>You</0> replaced the access token {subject} by a new one' }),
    other: msg({ message: '<0>{actor}</0> replaced your access token {subject} by a new one' }),
  },
  TOKEN_DELETED: {
    own: msg({ message: '<0>You</0> deleted the access token {subject}' }),
    other: msg({ message: '<0>{actor}</0> deleted your access token {subject}' }),
  },
  TOKEN_REPORTED_LEAKED: {
    own: msg({ message: '<0>You</0> reported the access token {subject} as leaked, which ended it' }),
    other: msg({
      message: '<0>{actor}</0> revoked your access token {subject}, because it was presented as leaked',
    }),
  },
  TOKEN_REVOKED: {
    own: msg({ message: '<0>You</0> revoked the access token {subject}' }),
    other: msg({ message: '<0>{actor}</0> revoked your access token {subject}' }),
  },
  MEMBER_TOKEN_REVOKED: {
    own: msg({ message: '<0>You</0> revoked an access token of {subject}' }),
    other: msg({ message: '<0>{actor}</0> revoked an access token of {subject} for you' }),
  },
  ACCOUNT_TOKENS_REVOKED: {
    own: msg({ message: '<0>You</0> revoked your access tokens in {subject}' }),
    other: msg({ message: '<0>{actor}</0> revoked your access tokens in {subject}' }),
  },
  TOKEN_POLICY_SET: {
    own: msg({ message: '<0>You</0> changed how long new access tokens may live in {subject}' }),
    other: msg({ message: '<0>{actor}</0> changed how long new access tokens may live in {subject}' }),
  },
  EMAIL_ADDED: {
    own: msg({ message: '<0>You</0> added the email {subject}' }),
    other: msg({ message: '<0>{actor}</0> added the email {subject} for you' }),
  },
  EMAIL_VERIFIED: {
    own: msg({ message: '<0>You</0> proved the email {subject}' }),
    other: msg({ message: '<0>{actor}</0> proved your email {subject}' }),
  },
  EMAIL_REMOVED: {
    own: msg({ message: '<0>You</0> removed the email {subject}' }),
    other: msg({ message: '<0>{actor}</0> removed your email {subject}' }),
  },
  EMAIL_FORGOTTEN: {
    own: msg({ message: '<0>You</0> had the removed email {subject} forgotten' }),
    other: msg({ message: '<0>{actor}</0> had your removed email {subject} forgotten' }),
  },
  EMAIL_PRIMARY_SET: {
    own: msg({ message: '<0>You</0> made {subject} your primary email' }),
    other: msg({ message: '<0>{actor}</0> made {subject} your primary email' }),
  },
  EMAIL_BLOCKED: {
    own: msg({ message: '<0>You</0> blocked the email {subject}' }),
    other: msg({ message: '<0>{actor}</0> blocked your email {subject}' }),
  },
  EMAIL_UNSUBSCRIBED: {
    own: msg({ message: '<0>You</0> unsubscribed from mail about {subject}' }),
    other: msg({ message: '<0>{actor}</0> unsubscribed you from mail about {subject}' }),
  },
  PHONE_ADDED: {
    own: msg({ message: '<0>You</0> added the phone {subject}' }),
    other: msg({ message: '<0>{actor}</0> added the phone {subject} for you' }),
  },
  PHONE_VERIFIED: {
    own: msg({ message: '<0>You</0> verified the phone {subject}' }),
    other: msg({ message: '<0>{actor}</0> verified your phone {subject}' }),
  },
  PHONE_REMOVED: {
    own: msg({ message: '<0>You</0> removed the phone {subject}' }),
    other: msg({ message: '<0>{actor}</0> removed your phone {subject}' }),
  },
  PHONE_PRIMARY_SET: {
    own: msg({ message: '<0>You</0> made {subject} your primary phone' }),
    other: msg({ message: '<0>{actor}</0> made {subject} your primary phone' }),
  },
  PHONE_OPTED_OUT: {
    own: msg({ message: '<0>You</0> stopped messages to {subject}' }),
    other: msg({ message: '<0>{actor}</0> stopped messages to {subject}' }),
  },
  PHONE_OPTED_IN: {
    own: msg({ message: '<0>You</0> allowed messages to {subject} again' }),
    other: msg({ message: '<0>{actor}</0> allowed messages to {subject} again' }),
  },
  PUSH_DEVICE_REGISTERED: {
    own: msg({ message: '<0>You</0> registered {subject} for pushes' }),
    other: msg({ message: '<0>{actor}</0> registered {subject} for your pushes' }),
  },
  PUSH_DEVICE_REMOVED: {
    own: msg({ message: '<0>You</0> removed the device {subject}' }),
    other: msg({ message: '<0>{actor}</0> removed your device {subject}' }),
  },
  SLACK_LINKED: {
    own: msg({ message: '<0>You</0> linked Slack as {subject}' }),
    other: msg({ message: '<0>{actor}</0> linked your Slack as {subject}' }),
  },
  SLACK_UNLINKED: {
    own: msg({ message: '<0>You</0> unlinked Slack as {subject}' }),
    other: msg({ message: '<0>{actor}</0> unlinked your Slack as {subject}' }),
  },
  NOTIFICATION_CHANNELS_SET: {
    own: msg({ message: '<0>You</0> changed your default channels' }),
    other: msg({ message: '<0>{actor}</0> changed your default channels' }),
  },
  TEST_SENT: {
    own: msg({ message: '<0>You</0> sent a test to {subject}' }),
    other: msg({ message: '<0>{actor}</0> sent a test to {subject} for you' }),
  },
}

/** For what a newer server has written down. */
const unknownDeed: Sentence = {
  own: msg({ message: '<0>You</0> did {action}' }),
  other: msg({ message: '<0>{actor}</0> did {action}' }),
}

const known: ReadonlySet<string> = new Set(activityActions)

export function sentenceFor(action: string): Sentence {
  return isActivityAction(action) ? sentences[action] : unknownDeed
}

function isActivityAction(action: string): action is ActivityAction {
  return known.has(action)
}
