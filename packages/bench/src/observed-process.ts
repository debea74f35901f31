import { type Profiler, Session } from 'node:inspector/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * Loaded before a measured server (`--import`): tells the benchmark what processor time and memory the process uses, and
 * records where time goes when asked to.
 */
export type Question = 'cpu' | 'memory' | 'start profile' | 'stop profile'

/** What answers each question. */
export interface Answers {
  /** Since the process started. */
  cpu: NodeJS.CpuUsage
  /** Bytes of the process that are in memory once its garbage is collected. */
  memory: number
  'start profile': 'started'
  'stop profile': Profiler.Profile
}

const inspector = new Session()

const memoryPasses = 5
const memoryPassMilliseconds = 400
setFlagsFromString('--expose-gc')
// The flag adds this function to contexts that are made after it.
const collectGarbage = runInNewContext('gc') as () => void

const answer: { [Asked in Question]: () => Answers[Asked] | Promise<Answers[Asked]> } = {
  cpu: () => process.cpuUsage(),
  async memory() {
    // V8 gives pages back to the system in the background, some time after it has emptied them.
    for (let pass = 0; pass < memoryPasses; pass++) {
      collectGarbage()
      await wait(memoryPassMilliseconds)
    }
    return process.memoryUsage.rss()
  },
  async 'start profile'(): Promise<'started'> {
    inspector.connect()
    await inspector.post('Profiler.enable')
    await inspector.post('Profiler.setSamplingInterval', { interval: 200 })
    await inspector.post('Profiler.start')
    return 'started'
  },
  async 'stop profile'() {
    const { profile } = await inspector.post('Profiler.stop')
    inspector.disconnect()
    return profile
  },
}

process.on('message', (question: Question) => {
  void Promise.resolve(answer[question]()).then((message) => process.send?.(message))
})
// A server whose benchmark was killed has nobody to stop it.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
