import { ApolloLink, Observable } from '@apollo/client'
import { OperationTypeNode } from 'graphql'
import { useSyncExternalStore } from 'react'

/** One question, however many mutations wait for its answer. */
interface Question {
  answer: Promise<boolean>
  settle: (proven: boolean) => void
}

const listeners = new Set<() => void>()
let question: Question | undefined

/** Asks the person to prove anew that it is them. False when they do not, or when no page can ask. */
export async function askForProof(): Promise<boolean> {
  if (listeners.size === 0) return false
  if (!question) {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const settle = (proven: boolean) => {
      question = undefined
      for (const listener of listeners) listener()
      resolve(proven)
    }
    question = { answer: promise, settle }
    for (const listener of listeners) listener()
  }
  return question.answer
}

/** For what shows the question: how to answer it, while there is one. */
export function useProofQuestion(): Question['settle'] | undefined {
  return useSyncExternalStore(subscribe, () => question)?.settle
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    // Nobody is left who could answer.
    if (listeners.size === 0) question?.settle(false)
  }
}

/**
 * Lets a mutation that needs fresh proof wait for it and then go on. Without proof the refusal is its answer.
 * @param prove as `askForProof`
 */
export function createStepUpLink(prove: () => Promise<boolean>): ApolloLink {
  let proofs = 0

  async function isProven(proofsBefore: number): Promise<boolean> {
    // Somebody proved it while this one was on its way.
    if (proofs !== proofsBefore) return true
    if (!(await prove())) return false
    proofs += 1
    return true
  }

  return new ApolloLink((operation, forward) => {
    if (operation.operationType !== OperationTypeNode.MUTATION) return forward(operation)
    return new Observable((observer) => {
      const proofsBefore = proofs
      const answerWith = async (result: ApolloLink.Result) => {
        if (needsProof(result) && (await isProven(proofsBefore))) {
          if (!observer.closed) request = forward(operation).subscribe(observer)
          return
        }
        observer.next(result)
        observer.complete()
      }
      let request = forward(operation).subscribe({
        next: (result) => void answerWith(result),
        error: (problem: unknown) => observer.error(problem),
      })
      return () => request.unsubscribe()
    })
  })
}

function needsProof({ errors }: ApolloLink.Result): boolean {
  return errors?.some(({ extensions }) => extensions?.['code'] === 'STEP_UP_REQUIRED') ?? false
}
