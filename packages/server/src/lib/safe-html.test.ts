import { expect, test } from 'vitest'

import { html } from './safe-html.ts'

test('what is put into markup is text there, in an element and in an attribute', () => {
  const text = `<b title="x" id='y'>&amp;</b>`
  expect(html`<p title="${text}">${text}</p>`.text).toBe(
    '<p title="&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;">' +
      '&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/b&gt;</p>',
  )
})

test('markup in markup stays what it is, alone and in a list; null is nothing', () => {
  const items = [1, '<'].map((text) => html`<li>${text}</li>`)
  expect(
    html`<ul>
      ${items}${null}${html`<li></li>`}
    </ul>`.text.replaceAll(/\s/g, ''),
  ).toBe('<ul><li>1</li><li>&lt;</li><li></li></ul>')
})
