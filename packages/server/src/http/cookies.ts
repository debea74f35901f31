import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { SessionCookies } from '../context.ts'

/** A browser that somebody signed in from is known for a year. */
const deviceSeconds = 365 * 86_400

export interface CookieNames {
  session: string
  device: string
  pending: string
  sso: string
  ssoRefusal: string
  secure: boolean
}

/**
 * Behind https the `__Host-` prefix lets no other host or path set the cookie. On http://localhost, where Safari drops
 * Secure cookies, the port keeps two servers apart. Source: decision 9.
 */
export function cookieNames(publicUrl: URL): CookieNames {
  const secure = publicUrl.protocol === 'https:'
  const session = secure ? '__Host-lanyard' : `lanyard-${publicUrl.port || '80'}`
  const [device, pending, sso] = [`${session}-device`, `${session}-pending`, `${session}-sso`]
  return { session, device, pending, sso, ssoRefusal: `${sso}-refusal`, secure }
}

/** The session cookie among those of a request, if it has one. */
export function sessionKeyOf(
  cookies: Readonly<Record<string, string | undefined>>,
  { session }: CookieNames,
): string | undefined {
  return cookies[session]
}

/** What signing in and out do to the cookies of an answer. */
export function sessionCookies(
  request: FastifyRequest,
  reply: FastifyReply,
  names: CookieNames,
): SessionCookies {
  const common: CookieSerializeOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: names.secure,
  }
  const setSession = ({ key, expiresAt, remember }: { key: string; expiresAt: Date; remember: boolean }) =>
    void reply.setCookie(names.session, key, { ...common, ...(remember ? { expires: expiresAt } : {}) })
  const stopWaiting = () => {
    if (request.cookies[names.pending] !== undefined) void reply.clearCookie(names.pending, common)
  }
  return {
    deviceKey: request.cookies[names.device],
    pendingKey: request.cookies[names.pending],
    ssoKey: request.cookies[names.sso],
    ssoRefusal: request.cookies[names.ssoRefusal],
    signIn(session, deviceKey) {
      setSession(session)
      stopWaiting()
      if (deviceKey) void reply.setCookie(names.device, deviceKey, { ...common, maxAge: deviceSeconds })
    },
    renew: setSession,
    wait(pendingKey, seconds) {
      void reply.setCookie(names.pending, pendingKey, { ...common, maxAge: seconds })
    },
    stopWaiting,
    beginSso(ssoKey, seconds) {
      void reply.setCookie(names.sso, ssoKey, { ...common, maxAge: seconds })
    },
    refuseSso(ssoRefusal, seconds) {
      if (ssoRefusal !== null)
        void reply.setCookie(names.ssoRefusal, ssoRefusal, { ...common, maxAge: seconds })
      // Also when none came along, as from a page of the provider's.
      else void reply.clearCookie(names.ssoRefusal, common)
    },
    signOut() {
      void reply.clearCookie(names.session, common)
      // The device cookie stays: it opens nothing, it only keeps a stranger's guesses from delaying the owner.
      void reply.header('clear-site-data', '"cache", "storage"')
    },
  }
}
