const document =
  'mutation Publish($input: PublishEventInput!) { publishEvent(input: $input) { accepted notified } }'

interface Example {
  /** Of this server, as "https://lanyard.example.com". */
  origin: string
  accountId: string
  recipient: string
}

/** A command that puts something into one's own inbox. Values are ids and usernames: no quote can end it. */
export function publishEventExample({ origin, accountId, recipient }: Example): string {
  const input = {
    accountId,
    type: 'TICKET_ASSIGNED',
    recipients: [recipient],
    title: 'Ticket 20418 assigned to you',
    body: 'No line since the reboot at two.',
  }
  const body = JSON.stringify({ query: document, variables: { input } }, null, 2)
  return [
    `curl ${origin}/graphql \\`,
    `  --header 'Authorization: Bearer YOUR_TOKEN' \\`,
    `  --header 'Content-Type: application/json' \\`,
    `  --data '${body}'`,
  ].join('\n')
}
