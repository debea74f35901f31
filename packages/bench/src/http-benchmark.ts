import type { Benchmark } from './benchmark.ts'
import { figureOf, type FigureOf } from './figure.ts'
import { type HttpCandidate, httpPlan } from './http-candidate.ts'
import { measureInTurns } from './measure.ts'
import { recordSelfTime } from './self-time.ts'
import type { Stage } from './stage.ts'

export interface OpenedCandidates {
  candidates: HttpCandidate[]
  lanyard: HttpCandidate
  /** Looks whether what was answered was also done. */
  check?(): Promise<void>
}

interface HttpBenchmarkOptions {
  name: string
  figures: readonly FigureOf[]
  open(stage: Stage, opened: AsyncDisposableStack): Promise<OpenedCandidates>
}

/** Servers that are asked the same over HTTP, in turns. */
export function httpBenchmark({ name, figures, open }: HttpBenchmarkOptions): Benchmark {
  return {
    name,
    async run(stage) {
      await using opened = new AsyncDisposableStack()
      const { candidates, check } = await open(stage, opened)
      const measured = await measureInTurns(candidates, stage.onProgress)
      await check?.()
      return { measured, figures: figures.map((wanted) => figureOf(measured, wanted)) }
    },
    async recordProfile(stage) {
      await using opened = new AsyncDisposableStack()
      const { lanyard } = await open(stage, opened)
      await lanyard.warmUp()
      return await recordSelfTime(lanyard.server, stage.repository, async () => {
        await lanyard.load(httpPlan.seconds)
      })
    },
  }
}
