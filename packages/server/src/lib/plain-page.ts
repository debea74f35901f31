import type { FastifyInstance, FastifyReply } from 'fastify'

import { html, type SafeHtml } from './safe-html.ts'

const stylePath = '/plain-page.css'

interface PlainPage {
  /** As `de`. */
  language: string
  title: string
  body: SafeHtml
}

/** Serves what plain pages look like; once for all of them. */
export function servePlainPageStyle(app: FastifyInstance): void {
  app.get(stylePath, (_request, reply) =>
    reply.header('cache-control', 'public, max-age=3600').type('text/css; charset=utf-8').send(style),
  )
}

/** A page that works without script and without our client: what links in mails lead to. */
export function sendPlainPage(reply: FastifyReply, { language, title, body }: PlainPage): FastifyReply {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} – Lanyard</title>
        <link rel="stylesheet" href="${stylePath}" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `
  return reply.header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page.text)
}

/** The colours are those of docs for both themes: light first. */
const style = `:root {
  --page: #f6f7f9; --surface: #ffffff; --line: #e3e6eb; --control: #7f8795; --text: #14171d; --quiet: #515966;
  --accent: #3650c8; --link: #2f48bd; --danger: #b0221a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0c0e12; --surface: #14171c; --line: #262b33; --control: #69727f; --text: #e6e9ee; --quiet: #a6aebb;
    --accent: #4a61dc; --link: #a3b3ff; --danger: #ff9d95;
  }
}
body {
  background: var(--page);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
  margin: 0;
}
main {
  background: var(--surface);
  border: 1px solid var(--line);
  border-radius: 12px;
  box-sizing: border-box;
  margin: 12vh auto 2rem;
  max-width: 32rem;
  padding: 1.5rem;
}
h1 {
  font-size: 1.375rem;
  line-height: 1.3;
  margin: 0 0 0.75rem;
}
a {
  color: var(--link);
}
label {
  display: block;
  font-weight: 500;
  margin-top: 1rem;
}
input {
  background: transparent;
  border: 1px solid var(--control);
  border-radius: 6px;
  box-sizing: border-box;
  color: inherit;
  font: inherit;
  min-height: 2.75rem;
  padding: 0 0.75rem;
  width: 100%;
}
input[aria-invalid='true'] {
  border-color: var(--danger);
}
.fault {
  color: var(--danger);
  font-size: 0.875rem;
  margin: 0.25rem 0 0;
}
.quiet {
  color: var(--quiet);
  font-size: 0.875rem;
}
button {
  background: var(--accent);
  border: 0;
  border-radius: 6px;
  color: #ffffff;
  font: inherit;
  font-weight: 500;
  margin-top: 1rem;
  min-height: 2.75rem;
  padding: 0.5rem 1rem;
}
:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 2px;
}
`
