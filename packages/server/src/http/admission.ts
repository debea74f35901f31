import {
  type DocumentNode,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql'

import { anonymousRootFields } from '../access.ts'
import { AppError, badInput } from '../errors/app-error.ts'
import { BoundedCache } from '../lib/bounded-cache.ts'
import type { Limits } from '../limits.ts'
import type { Viewer } from '../viewer.ts'
import { priceOf, sizeVariablesOf } from './document-cost.ts'
import { PointsBudget } from './points-budget.ts'

export interface GraphQLRequest {
  document: DocumentNode
  operationName: string | null
  variables: Readonly<Record<string, unknown>>
}

/** Of all documents that are remembered; parsed they take some twenty times as many bytes. */
const mostParsedCharacters = 1_000_000
/** Of one operation; a person's page sizes are few. */
const mostRememberedSizes = 100
/** In characters. */
const longestRememberedSizes = 100

/** Signing in and the like: one to an operation, so that no list of guesses fits into one request. */
const onceOnly = new Set([
  'signIn',
  'submitSecondFactor',
  'signInWithPasskey',
  'confirmTwoFactorSetup',
  'disableTwoFactor',
  'confirmStepUp',
])

/** What is the same of an operation however often it is sent. */
interface KnownOperation {
  isForAnybody: boolean
  isGuessingTwice: boolean
  /** The variables that its price depends on. */
  sizeVariables: readonly string[]
  /** What it costs with values of these, as JSON, where that is not too much. */
  prices: Map<string, number>
}

/** What is checked of every request, whatever it came over, before GraphQL validates or runs it. */
export class Admission {
  readonly #schema: GraphQLSchema
  readonly #limits: Limits
  readonly #budget: PointsBudget
  readonly #anonymous: ReadonlySet<string>
  /** Those that were admitted: a stranger's large ones are not kept for nothing. */
  readonly #parsed = new BoundedCache<DocumentNode>(mostParsedCharacters)
  readonly #known = new WeakMap<OperationDefinitionNode, KnownOperation>()

  constructor(schema: GraphQLSchema, limits: Limits) {
    this.#schema = schema
    this.#limits = limits
    this.#budget = new PointsBudget(limits.pointsPerMinute)
    this.#anonymous = anonymousRootFields(schema)
  }

  /**
   * The document of a text, and the operation that is meant, as `admit` says.
   * @throws GraphQLError GRAPHQL_PARSE_FAILED when the text is no document, or one of too many tokens; and as `admit`
   */
  admitText(
    text: string,
    request: Omit<GraphQLRequest, 'document'>,
    viewer: Viewer | null,
  ): { document: DocumentNode; operation: OperationDefinitionNode | null } {
    const remembered = this.#parsed.get(text)
    const document = remembered ?? parseDocument(text, this.#limits.documentTokens)
    const operation = this.admit({ ...request, document }, viewer)
    if (!remembered) this.#parsed.set(text, document)
    return { document, operation }
  }

  /**
   * @returns the operation that is meant; null when the request does not say, which GraphQL itself refuses
   * @throws AppError DOCUMENT_TOO_COSTLY, UNAUTHENTICATED, RATE_LIMITED, BAD_USER_INPUT
   */
  admit(request: GraphQLRequest, viewer: Viewer | null): OperationDefinitionNode | null {
    const { document, operationName } = request
    const operation = getOperationAST(document, operationName) ?? null
    if (operation && !viewer && !this.#know(operation, document).isForAnybody) {
      throw new AppError('UNAUTHENTICATED')
    }
    const price = this.weigh(request)
    if (viewer) this.charge(viewer, price)
    return operation
  }

  /**
   * What of this does not depend on who asks.
   * @returns the price in points; 0 when the request does not say which operation is meant
   * @throws AppError DOCUMENT_TOO_COSTLY, BAD_USER_INPUT
   */
  weigh({ document, operationName, variables }: GraphQLRequest): number {
    refuseUnstorable(variables, [])
    const operation = getOperationAST(document, operationName)
    if (!operation) return 0
    const known = this.#know(operation, document)
    if (known.isGuessingTwice) throw new AppError('DOCUMENT_TOO_COSTLY')

    // Weighing the profile page takes as long as running it once it is compiled, and its price does not change.
    const sizes = JSON.stringify(known.sizeVariables.map((name) => variables[name]))
    let price = known.prices.get(sizes)
    if (price === undefined) {
      price = priceOf(this.#schema, document, operation, variables, this.#limits)
      if (known.prices.size < mostRememberedSizes && sizes.length <= longestRememberedSizes) {
        known.prices.set(sizes, price)
      }
    }
    return price
  }

  /** The price; null for what `weigh` refuses. */
  priceOf(request: GraphQLRequest): number | null {
    try {
      return this.weigh(request)
    } catch (error) {
      if (error instanceof AppError) return null
      throw error
    }
  }

  /** @throws AppError RATE_LIMITED when the person has used up what one may ask for in a minute */
  charge({ userId }: Viewer, price: number): void {
    const retryAfterSeconds = this.#budget.spend(userId, price)
    if (retryAfterSeconds > 0) throw new AppError('RATE_LIMITED', { retryAfterSeconds })
  }

  #know(operation: OperationDefinitionNode, document: DocumentNode): KnownOperation {
    let known = this.#known.get(operation)
    if (!known) {
      const rootFields = rootFieldNames(operation, document)
      known = {
        isForAnybody: rootFields.every((name) => this.#anonymous.has(name) || name === '__typename'),
        isGuessingTwice: rootFields.filter((name) => onceOnly.has(name)).length > 1,
        sizeVariables: sizeVariablesOf(document),
        prices: new Map(),
      }
      this.#known.set(operation, known)
    }
    return known
  }
}

function parseDocument(text: string, maxTokens: number): DocumentNode {
  try {
    const document = parse(text, { maxTokens })
    refuseUnstorableStrings(document)
    return document
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const { message, source, positions } = error
    throw new GraphQLError(message, { source, positions, extensions: { code: 'GRAPHQL_PARSE_FAILED' } })
  }
}

function rootFieldNames(operation: OperationDefinitionNode, document: DocumentNode): string[] {
  const names: string[] = []
  const visited = new Set<string>()
  gather(operation.selectionSet.selections)
  return names

  function gather(selections: OperationDefinitionNode['selectionSet']['selections']): void {
    for (const selection of selections) {
      if (selection.kind === 'Field') names.push(selection.name.value)
      else if (selection.kind === 'InlineFragment') gather(selection.selectionSet.selections)
      else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value)
        for (const definition of document.definitions) {
          if (definition.kind === 'FragmentDefinition' && definition.name.value === selection.name.value) {
            gather(definition.selectionSet.selections)
          }
        }
      }
    }
  }
}

/** No input type nests so deep; what does would only exhaust the stack of whoever walks through it. */
const deepestVariable = 16

/** PostgreSQL cannot store U+0000, and no name, title or id has a use for it. */
function refuseUnstorable(value: unknown, path: readonly string[]): void {
  if (typeof value === 'string') {
    if (value.includes('\0')) throw badInput(fieldAt(path), 'FORMAT')
  } else if (typeof value === 'object' && value !== null) {
    if (path.length > deepestVariable) throw badInput(fieldAt(path.slice(0, 1)), 'FORMAT')
    for (const [key, inner] of Object.entries(value)) refuseUnstorable(inner, [...path, key])
  }
}

/** The same of what is written into a document, which is nobody's variable. */
function refuseUnstorableStrings(document: DocumentNode): void {
  visit(document, {
    StringValue({ value }, _key, parent) {
      if (!value.includes('\0')) return
      const isNamed =
        parent && 'kind' in parent && (parent.kind === Kind.ARGUMENT || parent.kind === Kind.OBJECT_FIELD)
      throw badInput(fieldAt(isNamed ? [parent.name.value] : []), 'FORMAT')
    },
  })
}

/** `['input', 'preferences', '0', 'eventType']` as `preferences.0.eventType`; names that no field has are left out. */
function fieldAt(path: readonly string[]): string {
  const named = path.length > 1 && path[0] === 'input' ? path.slice(1) : path
  return named.filter((name) => /^\w{1,64}$/.test(name)).join('.') || 'variables'
}
