import { Piscina } from 'piscina'

const idleMilliseconds = 60_000

interface ThreadsOptions {
  /** A JavaScript file: a thread loads it as it lies there, from `src` and from `dist` alike. Its functions are the work. */
  file: string
  atOnce: number
  /** How far it gives way to others that want the same core, 0 to 19. Source: sched(7). Linux only. */
  niceness?: number
  heapMegabytes?: number
}

/**
 * Threads for work that keeps a core busy: started when they are needed, ended when nobody needed them for a minute.
 * Elsewhere than on Linux a priority would be that of the whole process.
 */
export function threadsFor({ file, atOnce, niceness = 0, heapMegabytes }: ThreadsOptions): Piscina {
  return new Piscina({
    filename: file,
    minThreads: 0,
    maxThreads: atOnce,
    idleTimeout: idleMilliseconds,
    niceIncrement: process.platform === 'linux' ? niceness : 0,
    // Not the loaders that the server may have been started with, nor its secrets.
    execArgv: [],
    env: {},
    recordTiming: false,
    ...(heapMegabytes !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
  })
}
