import {
  Body,
  Button,
  Container,
  Head,
  Heading,
  Html,
  Link,
  Preview,
  render,
  Section,
  Text,
  toPlainText,
} from 'react-email'
import type { CSSProperties, ReactNode } from 'react'

import { localeOf } from '../../language.ts'
import { shorten } from './foreign-text.ts'
import type { Fact, Notice } from './notice.ts'
import type { Scene } from './scene.ts'
import { say, withColon } from './words.ts'

/** The colours of the product. A mail program that knows dark gets the others; one that knows no classes, these. */
const light = {
  background: '#F6F7F9',
  surface: '#FFFFFF',
  sunken: '#F1F3F6',
  line: '#E3E6EB',
  control: '#7F8795',
  text: '#14171D',
  quiet: '#515966',
  accent: '#3650C8',
  link: '#2F48BD',
}
const dark = {
  background: '#0C0E12',
  surface: '#14171C',
  sunken: '#101318',
  line: '#262B33',
  control: '#69727F',
  text: '#E6E9EE',
  quiet: '#A6AEBB',
  accent: '#4A61DC',
  link: '#A3B3FF',
}

const sans = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"
const mono = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Courier New', monospace"

const darkStyles = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background-color: ${dark.background} !important; }
  .card { background-color: ${dark.surface} !important; border-color: ${dark.line} !important; }
  .sunken { background-color: ${dark.sunken} !important; }
  .text { color: ${dark.text} !important; }
  .quiet { color: ${dark.quiet} !important; }
  .link { color: ${dark.link} !important; }
  .quiet-button { border-color: ${dark.control} !important; }
  .button { background-color: ${dark.accent} !important; }
}`

const paragraph: CSSProperties = {
  margin: '0 0 12px',
  color: light.text,
  fontSize: 15,
  lineHeight: '22px',
  wordBreak: 'break-word',
}
const small: CSSProperties = {
  ...paragraph,
  margin: '0 0 8px',
  color: light.quiet,
  fontSize: 13,
  lineHeight: '18px',
}
const quietButton: CSSProperties = {
  display: 'inline-block',
  padding: '9px 16px',
  border: `1px solid ${light.control}`,
  borderRadius: 6,
  color: light.text,
  fontSize: 14,
  fontWeight: 500,
  textDecoration: 'none',
}
const link: CSSProperties = { color: light.link, textDecoration: 'underline', wordBreak: 'break-all' }

/** The two parts of a mail, from one source. */
export async function renderMailPage(
  notice: Notice,
  scene: Scene,
  unsubscribeUrl: string | undefined,
): Promise<{ html: string; text: string }> {
  const html = await render(<MailPage notice={notice} scene={scene} unsubscribeUrl={unsubscribeUrl} />)
  const heading = { options: { uppercase: false } }
  const text = toPlainText(html, { selectors: [{ selector: 'h1', ...heading }] })
  return { html, text: `${text.trim()}\n` }
}

function MailPage(props: { notice: Notice; scene: Scene; unsubscribeUrl: string | undefined }): ReactNode {
  const { notice, scene, unsubscribeUrl } = props
  const locale = localeOf[scene.language]
  const url = new URL(notice.action.path, scene.publicUrl).href
  return (
    <Html lang={locale}>
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
        <title>{notice.title}</title>
        <style>{darkStyles}</style>
      </Head>
      <Body
        lang={locale}
        className="page"
        style={{ margin: 0, padding: '24px 12px', backgroundColor: light.background, fontFamily: sans }}
      >
        <Preview useTitleTag={false}>{preheader(notice)}</Preview>
        <Container style={{ maxWidth: 560, margin: '0 auto' }}>
          <Text className="text" style={{ ...paragraph, margin: '0 4px 12px', fontWeight: 600 }}>
            Lanyard
          </Text>
          <Section
            className="card"
            style={{
              padding: '24px 24px 12px',
              backgroundColor: light.surface,
              border: `1px solid ${light.line}`,
              borderRadius: 8,
            }}
          >
            <Heading
              as="h1"
              className="text"
              style={{
                ...paragraph,
                margin: '0 0 12px',
                fontSize: 20,
                lineHeight: '28px',
                fontWeight: 600,
              }}
            >
              {notice.title}
            </Heading>
            {notice.sentences.map((sentence) => (
              <Text key={sentence} className="text" style={paragraph}>
                {sentence}
              </Text>
            ))}
            {notice.quotation === null ? null : <Quotation text={notice.quotation} />}
            {notice.code === null ? null : <Code code={notice.code} />}
            {notice.facts.map((fact) => (
              <FactLine key={fact.label} fact={fact} scene={scene} />
            ))}
            <Button
              href={url}
              className="button"
              style={{
                margin: '16px 0 12px',
                padding: '11px 18px',
                backgroundColor: light.accent,
                borderRadius: 6,
                color: '#FFFFFF',
                fontSize: 15,
                fontWeight: 500,
              }}
              data-skip-in-text
            >
              {notice.action.label}
            </Button>
            <Text className="quiet" style={small}>
              <span data-skip-in-text>{sayLinkIntroduction(scene)}</span>
              <span style={hidden}>{withColon(scene, notice.action.label)}</span>{' '}
              <Link href={url} className="link" style={link}>
                {url}
              </Link>
            </Text>
            {notice.advice === null ? null : (
              <Text className="text" style={{ ...paragraph, margin: '16px 0 12px' }}>
                {notice.advice}
              </Text>
            )}
            {notice.denial === null ? null : (
              <Text style={{ ...paragraph, margin: '0 0 12px' }}>
                <Link
                  href={new URL(notice.denial.path, scene.publicUrl).href}
                  className="quiet-button text"
                  style={quietButton}
                >
                  {notice.denial.label}
                </Link>
              </Text>
            )}
          </Section>
          <Section style={{ padding: '16px 4px 0' }}>
            <Text className="quiet" style={small}>
              {notice.why}
            </Text>
            {notice.choice === null ? null : (
              <Text className="quiet" style={small}>
                <Link
                  href={new URL(notice.choice.path, scene.publicUrl).href}
                  className="link"
                  style={link}
                >
                  {notice.choice.label}
                </Link>
              </Text>
            )}
            {unsubscribeUrl === undefined ? null : (
              <Text className="quiet" style={small}>
                <Link href={unsubscribeUrl} className="link" style={link}>
                  {say(
                    scene,
                    /*i18n*/ { id: 'mail.unsubscribe', message: 'No more mail about events of this type' },
                  )}
                </Link>
              </Text>
            )}
          </Section>
        </Container>
      </Body>
    </Html>
  )
}

/** What the text says in place of the button. */
const hidden: CSSProperties = { display: 'none' }

/** A mail program shows it beside the subject; the code is not for people who look over a shoulder. */
function preheader({ sentences, quotation, why }: Notice): string {
  return shorten((sentences.join(' ') || quotation || why).replaceAll('\n', ' '), 150)
}

function sayLinkIntroduction(scene: Scene): string {
  return say(
    scene,
    /*i18n*/ { id: 'mail.link', message: 'If the button does not work, open this address in a browser:' },
  )
}

function Code({ code }: { code: string }): ReactNode {
  return (
    <Text
      className="text sunken"
      style={{
        ...paragraph,
        margin: '8px 0 16px',
        padding: '14px 16px',
        backgroundColor: light.sunken,
        borderRadius: 6,
        fontFamily: mono,
        fontSize: 30,
        lineHeight: '38px',
        fontWeight: 600,
        letterSpacing: '0.18em',
        textAlign: 'center',
      }}
    >
      {code}
    </Text>
  )
}

/** What somebody else wrote: text, with its lines. */
function Quotation({ text }: { text: string }): ReactNode {
  return (
    <Text className="text" style={{ ...paragraph, margin: '0 0 16px' }}>
      {text.split('\n').map((line, index) => (
        // Lines have no other name than their place.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={index}>
          {index > 0 ? <br /> : null}
          {line}
        </span>
      ))}
    </Text>
  )
}

function FactLine({ fact: { label, value, href }, scene }: { fact: Fact; scene: Scene }): ReactNode {
  return (
    <Text className="text" style={{ ...paragraph, margin: '0 0 4px', fontSize: 14, lineHeight: '20px' }}>
      <span className="quiet" style={{ color: light.quiet }}>
        {withColon(scene, label)}
      </span>{' '}
      {href ? (
        <Link href={href} className="link" style={link}>
          {value}
        </Link>
      ) : (
        value
      )}
    </Text>
  )
}
