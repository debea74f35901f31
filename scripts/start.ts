import { buildClient, buildServer } from './build.ts'

process.env['NODE_ENV'] ??= 'production'

if ((await buildServer()) && (await buildClient())) {
  // In this process, so that a signal to it reaches the server and its exit code is ours.
  await import(new URL('../packages/server/dist/main.js', import.meta.url).href)
} else {
  process.exitCode = 1
}
