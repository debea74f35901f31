import type { DemoAccount } from './demo-people.ts'

/** One rule for each account, in the language of docs/rules; attached to nobody. */
export const demoRules: Record<DemoAccount, { name: string; rules: string }> = {
  acme: {
    name: 'Night shift: loud, then call',
    rules: `# Loud first, then call, twice.
rules:
  - match:
      alert.urgency:
        $in: [high, critical]
    actions:
      - type: notify
        channels: [push, sms]
        timeout: 1m
      - type: notify
        channels: [voice]
        channel_options:
          voice: primary
        timeout: 5m
      - type: repeat
        times: 1
  - match:
      always: true
    actions:
      - type: notify
        channels: [push, email]
        timeout: 10m
`,
  },
  northwind: {
    name: 'Office hours: mail for what can wait',
    rules: `# What can wait comes as mail while the office is open.
rules:
  - match:
      alert.urgency:
        $in: [low, medium]
    actions:
      - type: notify
        channels: [email]
        timeout: 30m
  - match:
      always: true
    actions:
      - type: notify
        channels: [push, sms]
        timeout: 2m
      - type: notify
        channels: [voice]
        timeout: 5m
`,
  },
}
