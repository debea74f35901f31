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
  PROFILE_UPDATED: {
    own: msg({ message: '<0>You</0> changed your profile' }),
    other: msg({ message: '<0>{actor}</0> changed your profile' }),
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
  ACCOUNT_TOKENS_REVOKED: {
    own: msg({ message: '<0>You</0> revoked your access tokens in {subject}' }),
    other: msg({ message: '<0>{actor}</0> revoked your access tokens in {subject}' }),
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
