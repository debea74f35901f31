import { type EventMatrix_AccountUserFragment } from '../../graphql/generated.ts'
import { type useInAppPreferences } from './use-in-app-preferences.ts'

export type Preference = EventMatrix_AccountUserFragment['notificationPreferences'][number]

/** The events of one category, in the order of the catalogue. */
export interface Category {
  name: string
  preferences: Preference[]
}

export interface EventMatrixProps {
  categories: Category[]
  inApp: ReturnType<typeof useInAppPreferences>
}

/** Categories have no ids: their names, in the reader's language, are what tells them apart. */
export function categoriesOf(preferences: readonly Preference[]): Category[] {
  const byName = Map.groupBy(preferences, ({ eventType }) => eventType.category)
  return [...byName].map(([name, ofCategory]) => ({ name, preferences: ofCategory }))
}
