import type { Figure } from './figure.ts'
import type { Measured } from './measure.ts'
import type { FunctionTime } from './self-time.ts'
import type { Stage } from './stage.ts'

export interface Outcome {
  measured: Measured[]
  figures: Figure[]
}

export interface Benchmark {
  name: string
  run(stage: Stage): Promise<Outcome>
  /** Where Lanyard spends its time in this benchmark. */
  recordProfile(stage: Stage): Promise<FunctionTime[]>
}
