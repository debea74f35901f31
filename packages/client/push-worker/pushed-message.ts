/** What the server sends, decrypted by the browser. Source: RenderedPush of the server. */
export interface PushedMessage {
  title: string
  body: string
  /** Where a click leads: a path of this server. */
  path: string
  /** A newer message of the same topic takes the place of the older one. */
  topic: string
  /** The name of one of our sounds. */
  sound: string
  /** Stays until it is dismissed. */
  persistent: boolean
}

/** A push must be shown, or the browser shows a text of its own; so what cannot be read still says who sent it. */
export function parsePushedMessage(text: string | undefined): PushedMessage {
  const fields = recordIn(text)
  const textOf = (name: string, otherwise: string) => {
    const value = fields[name]
    return typeof value === 'string' ? value : otherwise
  }
  return {
    title: textOf('title', 'Lanyard'),
    body: textOf('body', ''),
    path: textOf('path', '/'),
    topic: textOf('topic', ''),
    sound: textOf('sound', 'default'),
    persistent: fields['persistent'] === true,
  }
}

function recordIn(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Newer than the type of the platform's options knows. Source: Notifications API. */
interface RenotifyingOptions extends NotificationOptions {
  renotify?: boolean
}

/** @param silent whether an open page already makes the sound */
export function notificationOptions(message: PushedMessage, silent: boolean): RenotifyingOptions {
  const { body, path, topic, persistent } = message
  return {
    body,
    // With a tag alone the newer one would take the older one's place unseen.
    ...(topic && { tag: topic, renotify: true }),
    requireInteraction: persistent,
    silent,
    data: { path },
  }
}
