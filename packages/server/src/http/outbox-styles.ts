/** The look of the product in one small sheet, in both themes. Source: the roles of its colours. */
export const outboxStyles = `
:root {
  color-scheme: light dark;
  --bg: #F6F7F9; --surface: #FFFFFF; --sunken: #F1F3F6; --line: #E3E6EB; --control: #7F8795;
  --text: #14171D; --text2: #515966; --accent: #3650C8; --link: #2F48BD; --tint: #EEF1FD;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #0C0E12; --surface: #14171C; --sunken: #101318; --line: #262B33; --control: #69727F;
    --text: #E6E9EE; --text2: #A6AEBB; --accent: #4A61DC; --link: #A3B3FF; --tint: #1A2040;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--text);
  font: 14px/20px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.frame { max-width: 800px; margin: 0 auto; padding: 0 12px; }
header { background: var(--surface); border-bottom: 1px solid var(--line); }
header .frame { height: 52px; display: flex; align-items: center; }
.brand { color: var(--text); font-weight: 600; font-size: 16px; text-decoration: none; }
h1 { margin: 24px 0 4px; font-size: 22px; line-height: 28px; font-weight: 600; letter-spacing: -0.017em; }
h2 { margin: 0 0 12px; font-size: 16px; line-height: 24px; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 0 0 12px; }
.help { color: var(--text2); max-width: 78ch; }
.mono, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; }
form { display: flex; flex-wrap: wrap; gap: 12px; align-items: end; margin: 16px 0 24px; }
label { display: flex; flex-direction: column; gap: 4px; font-weight: 500; }
label.wide { flex: 1 1 240px; }
select, input { height: 34px; padding: 0 10px; border: 1px solid var(--control); border-radius: 6px;
  background: var(--surface); color: var(--text); font: inherit; }
button { height: 34px; padding: 0 16px; border: 0; border-radius: 6px; background: var(--accent); color: #FFFFFF;
  font: inherit; font-weight: 500; cursor: pointer; }
article { margin: 0 0 16px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px;
  overflow: hidden; }
.head { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; padding: 12px 16px;
  border-bottom: 1px solid var(--line); }
.head .mono { overflow-wrap: anywhere; min-width: 0; }
.head time { margin-left: auto; color: var(--text2); font-variant-numeric: tabular-nums; }
.channel { padding: 0 8px; border-radius: 5px; background: var(--tint); color: var(--link); font-weight: 500;
  font-size: 12px; line-height: 20px; }
.body { padding: 16px 16px 4px; }
.foot { padding: 8px 16px; background: var(--sunken); color: var(--text2); font-size: 12px; overflow-wrap: anywhere; }
.bubble { margin: 0 0 12px; padding: 12px 14px; border-radius: 8px; background: var(--sunken); }
p.bubble, .bubble p { white-space: pre-wrap; overflow-wrap: anywhere; }
.bubble h2, .bubble p { margin: 0; font-size: inherit; }
iframe { display: block; width: 100%; height: 480px; margin: 0 0 12px; border: 1px solid var(--line);
  border-radius: 6px; resize: vertical; }
details { margin: 0 0 12px; }
summary { cursor: pointer; color: var(--link); }
pre { margin: 8px 0 0; padding: 12px; border-radius: 6px; background: var(--sunken); white-space: pre-wrap;
  overflow-wrap: anywhere; }
ol { margin: 0 0 12px; padding-left: 24px; }
li, dd { overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 0 0 12px; }
dl div { display: flex; gap: 8px; min-width: 0; }
dt { color: var(--text2); white-space: nowrap; }
dd { margin: 0; min-width: 0; }
.empty { padding: 32px 16px; text-align: center; color: var(--text2); background: var(--surface);
  border: 1px solid var(--line); border-radius: 8px; }
@media (max-width: 47.99em) {
  body { font-size: 15px; line-height: 22px; }
  select, input, button { height: 44px; font-size: 16px; }
  label, label.wide { flex: 1 1 100%; }
  button { flex: 1 1 100%; }
  .head time { margin-left: 0; flex-basis: 100%; }
}`
