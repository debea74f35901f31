import { sql } from 'kysely'

import { contributeField } from '../lib/contributed-field.ts'
import { ownOnly, type TypeReads } from '../lib/read-model.ts'
import { LandingPage, User } from '../users/user.entity.ts'
import type { Viewer } from '../viewer.ts'

contributeField(User, 'landingPageOptions', () => [LandingPage], {
  description: 'What the person may choose: the union over their accounts.',
})
contributeField(User, 'landingPath', () => String, {
  description: 'The page of this server where the person arrives after signing in.',
})

const profilePath = '/settings/profile'

export const landingReads: TypeReads<Viewer>[] = [
  {
    type: 'User',
    fields: {
      landingPageOptions: ownOnly({
        expression: () =>
          sql`array[${sql.lit(LandingPage.USER_PROFILE)}, ${sql.lit(LandingPage.LAST_VISITED)}]`,
      }),
      landingPath: ownOnly({
        expression: (row) => sql`case ${row.column('landing_page')} when ${LandingPage.LAST_VISITED}
          then coalesce(${row.column('last_visited_path')}, ${profilePath}) else ${profilePath} end`,
      }),
    },
  },
]
