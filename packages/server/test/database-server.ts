import { Client, escapeIdentifier } from 'pg'

export async function createDatabase(serverUrl: string, name: string, template?: string): Promise<void> {
  const copying = template ? `template ${escapeIdentifier(template)} strategy file_copy` : ''
  await run(serverUrl, `create database ${escapeIdentifier(name)} ${copying}`)
}

export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  await run(serverUrl, `drop database if exists ${escapeIdentifier(name)} with (force)`)
}

/** On a server of the operator's: the role that the app under test runs as. Several runs may share it. */
export async function createAppRole(serverUrl: string): Promise<string> {
  const url = new URL(serverUrl)
  url.username = 'lanyard_test_app'
  url.password = 'only-for-the-tests'
  await run(
    serverUrl,
    `do $$ begin create role ${url.username} login password '${url.password}';
      exception when duplicate_object or unique_violation then null; end $$`,
  )
  return url.href
}

export function urlOfDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

async function run(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
