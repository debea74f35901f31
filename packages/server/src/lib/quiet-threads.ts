import { Piscina } from 'piscina'

/** On a core that others want as well it gets a tenth of what they get. Source: sched(7). */
const niceIncrement = 10
const idleMilliseconds = 60_000

interface QuietThreadsOptions {
  /** A JavaScript file: a thread loads it as it lies there, from `src` and from `dist` alike. Its functions are the work. */
  file: string
  atOnce: number
  heapMegabytes?: number
}

/**
 * Threads for work that keeps a core busy: started when they are needed, ended when nobody needed them for a minute, and
 * of lower priority than whoever answers requests or queries. Only on Linux, where one thread alone can have it.
 */
export function quietThreads({ file, atOnce, heapMegabytes }: QuietThreadsOptions): Piscina {
  return new Piscina({
    filename: file,
    minThreads: 0,
    maxThreads: atOnce,
    idleTimeout: idleMilliseconds,
    niceIncrement: process.platform === 'linux' ? niceIncrement : 0,
    // Not the loaders that the server may have been started with, nor its secrets.
    execArgv: [],
    env: {},
    recordTiming: false,
    ...(heapMegabytes !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
  })
}
