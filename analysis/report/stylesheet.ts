import { fonts } from './theme.js';

/** One stylesheet for screen and paper. */
export const stylesheet = `
:root { --ink: #1b1f24; --soft: #59626c; --line: #dfe3e8; --wash: #f6f8fa; --accent: #0072b2;
  --good: #006b4a; --good-wash: #e6f4ee; --bad: #a83a00; --bad-wash: #fdeee4; }
* { box-sizing: border-box; }
:root { color-scheme: light dark; --paper: #fff; --edge: #b4bcc5; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 15px/1.55 ${fonts}; }
main { max-width: 1020px; margin: 0 auto; padding: 40px 28px 64px; }
h1 { font-size: 34px; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 6px; }
h2 { font-size: 19px; letter-spacing: -0.01em; margin: 44px 0 8px; }
p { margin: 6px 0; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
.kicker { color: var(--soft); text-transform: uppercase; letter-spacing: 0.08em; font-size: 12px; }
.description { font-size: 17px; color: var(--soft); max-width: 70ch; }
.verdict { display: inline-block; margin: 14px 0 6px; padding: 6px 14px; border-radius: 6px;
  font-weight: 600; }
.good { color: var(--good); background: var(--good-wash); }
.bad { color: var(--bad); background: var(--bad-wash); }
.facts { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 10px 0 0; }
.facts div { display: flex; gap: 8px; min-width: 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; margin: 30px 0 0;
  background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.tiles div { background: var(--paper); padding: 14px 16px; display: flex; flex-direction: column; }
.tiles b { font-size: 23px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em;
  font-variant-numeric: tabular-nums; }
.tiles span { margin-top: 2px; }
.tiles small { color: var(--soft); font-size: 12.5px; }
.alarm { margin-top: 26px; padding: 4px 18px 10px; background: var(--bad-wash);
  border-left: 4px solid var(--bad); }
.alarm h2 { margin-top: 12px; }
.stories { padding-left: 2.2em; margin: 10px 0; max-width: 84ch; }
.stories li { margin: 8px 0; padding-left: 4px; }
.stories li::marker { color: var(--soft); font-variant-numeric: tabular-nums; }
.note, .more { color: var(--soft); font-size: 13.5px; }
figure { margin: 36px 0 0; padding-top: 20px; border-top: 1px solid var(--line); }
figure svg { display: block; max-width: 100%; height: auto; }
.plot:focus-visible, .scroll:focus-visible { outline: 2px solid var(--accent);
  outline-offset: 3px; }
.zoom { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin-top: 8px; }
.zoom button { min-width: 34px; height: 30px; padding: 0 9px; font: inherit; color: var(--ink);
  background: var(--wash); border: 1px solid var(--edge); border-radius: 6px; cursor: pointer; }
.zoom button:hover:enabled { border-color: var(--accent); }
.zoom button:disabled { opacity: 0.45; cursor: default; }
.zoom button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.zoom output { color: var(--soft); font-size: 13.5px; margin-left: 6px; }
.plot svg { user-select: none; }
.linked { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin-top: 36px;
  color: var(--soft); font-size: 13.5px; }
.linked select { margin-left: 6px; height: 30px; max-width: 240px; font: inherit;
  color: var(--ink); background: var(--wash); border: 1px solid var(--edge); border-radius: 6px; }
.linked select:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
figcaption { color: var(--soft); font-size: 13.5px; margin-top: 6px; max-width: 90ch; }
figcaption a { margin-left: 8px; }
.finding { line-height: 1.4; max-width: 80ch; margin-bottom: 10px; }
.finding .headline { font-size: 17px; font-weight: 600; }
details { margin-top: 8px; font-size: 13.5px; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
code { overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13.5px; font-variant-numeric: tabular-nums;
  width: 100%; }
th, td { padding: 5px 10px; text-align: right; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
th { color: var(--soft); font-weight: 500; border-bottom-color: var(--edge); white-space: normal;
  vertical-align: bottom; }
th.text, td.text { text-align: left; }
td.text { white-space: normal; }
tbody tr:hover { background: var(--wash); }
footer { margin-top: 48px; border-top: 1px solid var(--line); color: var(--soft);
  font-size: 13.5px; }
footer h2 { color: var(--ink); margin-top: 24px; }
pre { background: var(--wash); border: 1px solid var(--line); border-radius: 6px; color: var(--ink);
  padding: 10px 14px; overflow-x: auto; font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas,
  "DejaVu Sans Mono", monospace; }
@media (max-width: 760px) {
  .tiles { grid-template-columns: repeat(2, 1fr); }
  main { padding: 24px 14px 40px; }
  h1 { font-size: 26px; overflow-wrap: anywhere; }
  /* Smaller, the letters of a chart could not be read: it is moved sideways instead. */
  .plot { overflow-x: auto; }
  figure svg { max-width: none; min-width: 760px; width: 760px; }
}
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #a7b0ba; --line: #343b43; --wash: #1f242a; --accent: #6cb6ff;
    --good: #6fd3a8; --good-wash: #12301f; --bad: #ffab7a; --bad-wash: #3a1d0d;
    --paper: #14181c; --edge: #58626d; }
  /* Lightness is turned round, hues stay: what was dark on white is light on dark. */
  figure:not(.as-drawn) svg { filter: invert(0.92) hue-rotate(180deg); }
  .as-drawn svg { border-radius: 6px; }
}
@media print {
  body { font-size: 11px; }
  main { max-width: none; padding: 0; }
  h2, figure, tr, .tiles div, .stories li { break-inside: avoid; }
  h2 { break-after: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 9px; }
  th, td { padding: 2px 4px; white-space: normal; overflow-wrap: anywhere; }
  figcaption a, details, .zoom, .linked { display: none; }
}
`;
