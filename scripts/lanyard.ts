import { buildServer } from './build.ts'

if (await buildServer()) {
  await import(new URL('../packages/server/dist/cli.js', import.meta.url).href)
} else {
  process.exitCode = 1
}
