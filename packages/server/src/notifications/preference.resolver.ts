import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql'

import { Access } from '../access.ts'
import { type Context, requireViewer } from '../context.ts'
import { eventTypes, NotificationEventType } from './event-catalogue.ts'
import { setNotificationPreferences } from './preference.service.ts'
import { SetNotificationPreferencesInput, SetNotificationPreferencesPayload } from './preference.types.ts'

@Resolver()
export class PreferenceResolver {
  @Access('reader')
  @Query(() => [NotificationEventType], {
    description:
      'What people are told of, in the order of the settings page. What Lanyard tells of itself, as TOKEN_EXPIRING, cannot be published.',
  })
  notificationEventTypes(@Ctx() ctx: Context): NotificationEventType[] {
    return eventTypes(requireViewer(ctx).language)
  }

  @Access('writer')
  @Mutation(() => SetNotificationPreferencesPayload)
  async setNotificationPreferences(
    @Arg('input', () => SetNotificationPreferencesInput) input: SetNotificationPreferencesInput,
    @Ctx() ctx: Context,
  ): Promise<SetNotificationPreferencesPayload> {
    return { accountUserId: await setNotificationPreferences(ctx, requireViewer(ctx), input) }
  }
}
