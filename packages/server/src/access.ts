import { Extensions } from 'type-graphql'
import type { GraphQLSchema } from 'graphql'
import { defaultFieldResolver } from 'graphql'

import type { Context } from './context.ts'
import { AppError } from './errors/app-error.ts'
import { isVouchedForOnly } from './viewer.ts'

/**
 * Who may use a field of Query, Mutation or Subscription:
 * - `anyone`, signed in or not;
 * - `reader`, a session or any token;
 * - `writer`, a session or a token that is not read-only;
 * - `session`, a person at a browser: never a token;
 * - `own`, such a person in their own right, not only on the word of the identity provider of one of their accounts;
 * - `proven`, who besides proved a little while ago who they are: what a stranger at an open browser shall not do.
 */
export type AccessRule = 'anyone' | 'reader' | 'writer' | 'session' | 'own' | 'proven'

/** Every root field states its rule; the server does not start with one that is silent. */
export function Access(rule: AccessRule): MethodDecorator & PropertyDecorator {
  return Extensions({ access: rule })
}

/** Puts each root field behind its rule. */
export function enforceAccess(schema: GraphQLSchema): void {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const rule = field.extensions['access']
      if (!isAccessRule(rule)) throw new Error(`${root?.name}.${field.name} does not say who may use it`)
      const { resolve = defaultFieldResolver, subscribe } = field
      field.resolve = (source, args, context: Context, info) => {
        checkAccess(rule, context)
        return resolve(source, args, context, info)
      }
      if (subscribe) {
        field.subscribe = (source, args, context: Context, info) => {
          checkAccess(rule, context)
          return subscribe(source, args, context, info)
        }
      }
    }
  }
}

/** Names of the root fields that answer a caller who is not signed in. */
export function anonymousRootFields(schema: GraphQLSchema): ReadonlySet<string> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const fields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}))
  return new Set(
    fields.filter((field) => field.extensions['access'] === 'anyone').map((field) => field.name),
  )
}

function checkAccess(rule: AccessRule, { viewer, clock, limits }: Context): void {
  if (rule === 'anyone') return
  if (!viewer) throw new AppError('UNAUTHENTICATED')
  const { credential } = viewer
  if (credential.kind === 'token') {
    const isRefused = rule === 'writer' ? credential.readOnly : rule !== 'reader'
    if (isRefused) throw new AppError('FORBIDDEN')
    return
  }
  if ((rule === 'own' || rule === 'proven') && isVouchedForOnly(viewer))
    throw new AppError('STEP_UP_REQUIRED')
  if (rule !== 'proven') return
  const provenMilliseconds = clock.now().getTime() - credential.provenAt.getTime()
  if (provenMilliseconds > limits.session.provenSeconds * 1000) throw new AppError('STEP_UP_REQUIRED')
}

const rules: ReadonlySet<unknown> = new Set<AccessRule>([
  'anyone',
  'reader',
  'writer',
  'session',
  'own',
  'proven',
])

function isAccessRule(value: unknown): value is AccessRule {
  return rules.has(value)
}
