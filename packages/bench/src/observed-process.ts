import { type Profiler, Session } from 'node:inspector/promises'

/**
 * Loaded before a measured server (`--import`): tells the benchmark what processor time the process used, and records
 * where it goes when asked to.
 */
export type Question = 'cpu' | 'start profile' | 'stop profile'

/** What answers each question. */
export interface Answers {
  /** Since the process started. */
  cpu: NodeJS.CpuUsage
  'start profile': 'started'
  'stop profile': Profiler.Profile
}

const inspector = new Session()

const answer: { [Asked in Question]: () => Answers[Asked] | Promise<Answers[Asked]> } = {
  cpu: () => process.cpuUsage(),
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
