import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig, devices } from '@playwright/test'
import { findChromium } from './scripts/chromium.ts'
import { findFreePort } from './scripts/free-port.ts'

// Each worker loads this file anew and has to find the port and the folder of the first.
const port = (process.env['LANYARD_E2E_PORT'] ??= String(await findFreePort()))
// The server may ask identity providers at these, on this machine.
const providerPort = (process.env['LANYARD_E2E_PROVIDER_PORT'] ??= String(await findFreePort()))
const samlPort = (process.env['LANYARD_E2E_SAML_PORT'] ??= String(await findFreePort()))
const dataDir = (process.env['LANYARD_E2E_DATA_DIR'] ??= join(tmpdir(), `lanyard-e2e-${randomUUID()}`))

export default defineConfig({
  testDir: 'packages/client/e2e',
  globalSetup: './packages/client/e2e/global-setup.ts',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env['CI_REQUIRE_ALL']),
  fullyParallel: true,
  workers: 2,
  // Two browsers, the server and its database may have to share two slow cores.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://localhost:${port}`,
    launchOptions: await findChromium(),
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
  webServer: {
    command: 'node --import ./scripts/require-node.mjs scripts/e2e-server.ts',
    env: {
      PORT: port,
      DATA_DIR: dataDir,
      ALLOWED_OUTBOUND_HOSTS: `127.0.0.1:${providerPort},127.0.0.1:${samlPort}`,
    },
    url: `http://localhost:${port}/healthz`,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
    stderr: 'pipe',
  },
})
