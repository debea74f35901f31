import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageBudgets } from './build/page-budgets.ts'

const dist = join(import.meta.dirname, 'dist')
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))

export default pageBudgets(manifest).map((budget) => ({
  ...budget,
  path: budget.path.map((file) => `dist/${file}`),
}))
