import type { MessageValues } from '../message.ts'
import { oneLine, severalLines } from './foreign-text.ts'
import type { Fact } from './notice.ts'
import {
  endSentence,
  name,
  nameLength,
  pages,
  sayOpen,
  type Telling,
  whenFact,
  type Wordings,
} from './wording.ts'
import { say } from './words.ts'

/** What a host product tells. */
export const eventWording: Wordings<'EVENT'> = {
  EVENT: ({ values }, telling) => {
    const isAlert = values.kind === 'ALERT'
    const names = { account: name(telling, values.accountName), title: name(telling, values.title) }
    const headline = oneLine(values.title, nameLength)
    const choice = {
      label: say(
        telling,
        /*i18n*/ { id: 'message.action.notifications', message: 'Choose what is sent to you' },
      ),
      path: pages.notifications,
    }
    return {
      title: isAlert
        ? say(
            telling,
            /*i18n*/ { id: 'message.EVENT.alert', message: 'Alert: {title}' },
            { title: headline },
          )
        : headline,
      sentences: [],
      quotation: severalLines(values.body, 4000),
      facts: [
        {
          label: say(telling, /*i18n*/ { id: 'message.fact.account', message: 'Account' }),
          value: oneLine(values.accountName, nameLength),
        },
        ...entityFacts(telling, values.entity),
        whenFact(telling, values.at),
      ],
      short: say(telling, isAlert ? newAlertIn : newNotificationIn, names),
      spoken: [
        say(telling, isAlert ? alertSpoken : notificationSpoken, { account: names.account }),
        endSentence(oneLine(values.title, 200)),
        ...(values.body.trim() === '' ? [] : [endSentence(oneLine(values.body, 400))]),
      ],
      glance: {
        title: say(
          telling,
          isAlert
            ? /*i18n*/ { id: 'message.EVENT.glance.alert', message: 'New alert' }
            : /*i18n*/ { id: 'message.EVENT.glance.notification', message: 'New notification' },
        ),
        body: sayOpen(telling),
      },
      action: values.notificationId
        ? {
            label: say(
              telling,
              isAlert
                ? /*i18n*/ { id: 'message.EVENT.action.alert', message: 'Open the alert' }
                : /*i18n*/ { id: 'message.EVENT.action.notification', message: 'Open the notification' },
            ),
            path: pages.inbox(values.notificationId),
          }
        : choice,
      choice,
      why: say(
        telling,
        /*i18n*/ {
          id: 'message.EVENT.why',
          message: 'You get this because your settings for “{account}” ask for such messages.',
        },
        { account: names.account },
      ),
      urgency: isAlert ? 'HIGH' : 'LOW',
      topic: values.notificationId ?? telling.deliveryId,
    }
  },
}

const newAlertIn = /*i18n*/ {
  id: 'message.EVENT.short.alert',
  message: 'New alert in “{account}”: “{title}”',
}
const newNotificationIn = /*i18n*/ {
  id: 'message.EVENT.short.notification',
  message: 'New notification in “{account}”: “{title}”',
}
const alertSpoken = /*i18n*/ { id: 'message.EVENT.spoken.alert', message: 'A new alert for {account}.' }
const notificationSpoken = /*i18n*/ {
  id: 'message.EVENT.spoken.notification',
  message: 'A new notification for {account}.',
}

function entityFacts(telling: Telling, entity: MessageValues['EVENT']['entity']): Fact[] {
  if (!entity) return []
  const href = httpUrl(entity.url)
  return [
    {
      label: say(telling, /*i18n*/ { id: 'message.fact.about', message: 'About' }),
      value: oneLine(entity.name, nameLength),
      ...(href ? { href } : {}),
    },
  ]
}

/** The host's page, checked when it was stored and again before it becomes a link. */
function httpUrl(text: string): string | undefined {
  const url = URL.parse(text)
  return url && ['http:', 'https:'].includes(url.protocol) ? url.href : undefined
}
