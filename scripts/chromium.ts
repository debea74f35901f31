import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** What Playwright's `launchOptions` need to start a browser. Empty: the one Playwright downloaded itself. */
export interface BrowserLaunch {
  executablePath?: string
  args?: string[]
  env?: Record<string, string>
}

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** `CHROMIUM_PATH`, else the system's Chromium, else the one in @sparticuz/chromium, else Playwright's own. */
export async function findChromium(): Promise<BrowserLaunch> {
  const given = process.env['CHROMIUM_PATH']
  if (given) return { executablePath: given }

  const installed = systemBrowsers.find((path) => existsSync(path))
  if (installed) return { executablePath: installed }

  return process.platform === 'linux' && process.arch === 'x64' ? unpackedChromium() : {}
}

/**
 * Made for AWS Lambda, it brings along its libraries and fonts only when it believes to be there, unpacks into
 * TMPDIR with mode 0700, and names both in the environment. That is lent to it here and taken back.
 */
async function unpackedChromium(): Promise<BrowserLaunch> {
  const before = { ...process.env }
  const folder = join(tmpdir(), `lanyard-chromium-${userInfo().uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  process.env['TMPDIR'] = folder
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs22.x'
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    const executablePath = await chromium.executablePath()
    const { TMPDIR: _, AWS_EXECUTION_ENV: __, ...env } = process.env
    // Of its own arguments only this one: others switch off web security.
    return {
      executablePath,
      args: ['--headless=shell'],
      env: { ...definedOnly(env), FONTCONFIG_FILE: listFonts(folder) },
    }
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

/** Its own list looks for its fonts in /tmp; where there are none either, the browser ends at a letter it has not. */
function listFonts(folder: string): string {
  const file = join(folder, 'lanyard-fonts.conf')
  const list = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`
  // Whole or not at all: another worker's browser may be reading it.
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, list)
  renameSync(draft, file)
  return file
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
