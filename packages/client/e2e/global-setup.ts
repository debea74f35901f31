import type { FullConfig } from '@playwright/test'
import { openDemoSession } from './demo-session.ts'

export default async function globalSetup({ projects }: FullConfig): Promise<void> {
  await openDemoSession(projects[0]?.use.baseURL ?? '')
}
