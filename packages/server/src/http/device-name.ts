import Bowser from 'bowser'

const mostRemembered = 1000
const remembered = new Map<string, string>()

/** What a User-Agent calls itself, as 'Firefox on Linux'; the program's own name when it is no browser. */
export function deviceName(userAgent: string | undefined): string {
  if (!userAgent) return 'Unknown device'
  let name = remembered.get(userAgent)
  if (name === undefined) {
    name = parse(userAgent)
    const [oldest] = remembered.keys()
    if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest)
    remembered.set(userAgent, name)
  }
  return name
}

function parse(userAgent: string): string {
  const { browser, os } = Bowser.parse(userAgent.slice(0, 500))
  if (browser.name && os.name) return `${browser.name} on ${os.name}`.slice(0, 100)
  // A program: `curl/8.5.0`, `lanyard-bridge/1.2`.
  const program = /^[\w.+ -]{1,60}/.exec(userAgent)?.[0].trim()
  return program || 'Unknown device'
}
