import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

import type { Answers, Question } from './observed-process.ts'

const patienceMilliseconds = 30_000

/** A measured server in a process of its own, on a free port of 127.0.0.1. */
export class ServerProcess implements AsyncDisposable {
  readonly port: number
  readonly #child: ChildProcess

  private constructor(port: number, child: ChildProcess) {
    this.port = port
    this.#child = child
  }

  /**
   * @param script takes its port from PORT and answers `/healthz`
   * @returns once it does
   */
  static async start(script: string, environment: NodeJS.ProcessEnv): Promise<ServerProcess> {
    const port = await freePort()
    const observer = new URL('observed-process.ts', import.meta.url).href
    const child = spawn(process.execPath, ['--import', observer, script], {
      env: { ...process.env, ...environment, NODE_ENV: 'production', PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const server = new ServerProcess(port, child)
    try {
      await server.#isHealthy(script)
      return server
    } catch (error) {
      await server[Symbol.asyncDispose]()
      throw error
    }
  }

  async #isHealthy(script: string): Promise<void> {
    const giveUpAt = performance.now() + patienceMilliseconds
    while (performance.now() < giveUpAt) {
      if (this.#hasEnded()) throw new Error(`${script} ended before it listened`)
      const health = await fetch(`http://127.0.0.1:${this.port}/healthz`).catch(() => undefined)
      if (health?.ok) return
      await wait(50)
    }
    throw new Error(`${script} did not listen within ${patienceMilliseconds} ms`)
  }

  async ask<Asked extends Question>(question: Asked): Promise<Answers[Asked]> {
    const answered = once(this.#child, 'message', { signal: AbortSignal.timeout(patienceMilliseconds) })
    this.#child.send(question)
    // The process answers each question with what `Answers` says, and is asked one at a time.
    const [answer] = (await answered) as [Answers[Asked]]
    return answer
  }

  /** Processor time since the process started. */
  async cpuMicroseconds(): Promise<number> {
    const { user, system } = await this.ask('cpu')
    return user + system
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded()) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await ended
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has a port')
  return address.port
}
