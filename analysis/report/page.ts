/** What any report is made of: a page that needs nothing else, figures, tables. */
import { createHash } from 'node:crypto';
import * as words from '../words.js';
import { markup, trusted, type Content, type Markup } from './markup.js';
import type { Drawing } from './render.js';
import { stylesheet } from './stylesheet.js';
import type { PageChart } from './theme.js';
import { linkedScript } from './linked/index.js';
import { zoomScript } from './zoom/index.js';

export interface DrawnChart extends Drawing {
  readonly chart: PageChart;
}

/** More rows would make the page slow; the CSV files have them all. */
export const mostRows = 200;

const script = `${zoomScript}\n${linkedScript}`;
/** Nothing else runs in a page, whatever names stand in it. */
const scriptHash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src '${scriptHash}'`;

export function page(title: string, body: Content): string {
  return `<!doctype html>\n${markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${title}</title>
<style>${trusted(stylesheet)}</style>
</head>
<body>
<main>
${body}
</main>
<script>${trusted(script)}</script>
</body>
</html>
`.toString()}`;
}

/** @param command - that made what it draws */
export function figure({ chart, svg, axes }: DrawnChart, command: string): Markup {
  const { note, head, rows, textColumns, file, keys } = chart.table;
  // What the picture bears for its title is not said above it as well.
  const told = chart.findings.flatMap((finding, place) => finding === `${chart.title}.` ? []
    : [markup`<p${place === 0 && trusted(' class="headline"')}>${finding}</p>`]);
  const shown = rows.slice(0, mostRows);
  const cut = rows.length > mostRows ? `The first ${mostRows} of ${words.count(rows.length)}.` : '';
  const looks = chart.keepsColours === true && trusted(' class="as-drawn"');
  const plot = markup`<div class="plot" tabindex="0" role="region" aria-label="${chart.title}"
 data-axes="${JSON.stringify(axes)}">${trusted(svg)}</div>`;
  return markup`<figure id="${chart.name}"${looks}>
${told.length > 0 && markup`<div class="finding">${told}</div>`}
${plot}
<figcaption>${chart.caption}
<a href="${chart.name}.svg">SVG</a> <a href="${chart.name}.vl.json">Vega-Lite</a></figcaption>
<details><summary>Its numbers, and how it was made</summary>
<p class="note">${[note, cut].join(' ').trim()} <a href="${file}">${file}</a></p>
${grid(chart.title, head, shown, textColumns, keys)}
<p class="note">Made by <code>${command}</code>, then <code>sim report</code> of its directory.</p>
</details>
</figure>`;
}

/**
 * @param total - rows there are, of which those given are the first
 * @param keys - what each row is of
 */
export function table(
  title: string,
  note: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: readonly number[],
  total: number,
  file: string,
  keys: readonly string[] = [],
): Markup {
  const rest =
    total > rows.length ? ` The first ${rows.length} of ${words.count(total)} are shown.` : '';
  return markup`<section><h2>${title}</h2>
<p class="note">${note + rest} <a href="${file}">${file}</a></p>
${grid(title, head, rows, textColumns, keys)}</section>`;
}

/** The numbers that matter most, each with its name and what to know of it. */
export function tiles(shown: readonly (readonly [value: string, name: string, note: string])[]) {
  return markup`<section class="tiles" aria-label="Key numbers">${shown.map(
    ([value, name, note]) =>
      markup`<div><b>${value}</b><span>${name}</span><small>${note}</small></div>`,
  )}</section>`;
}

/** What was run and what came of it, above all else. */
export function header({ kicker, aside, title, description, verdict, notes = [], facts }: {
  readonly kicker: string;
  /** Beside the kicker, in bold; empty: nothing. */
  readonly aside: string;
  readonly title: string;
  readonly description: string;
  readonly verdict: { readonly good: boolean; readonly text: string };
  readonly notes?: readonly string[];
  readonly facts: readonly (readonly [name: string, value: string])[];
}): Markup {
  const { good, text } = verdict;
  return markup`<header>
<p class="kicker">${kicker}${aside !== '' && markup` · <b>${aside}</b>`}</p>
<h1>${title}</h1>
${description !== '' && markup`<p class="description">${description}</p>`}
<p class="verdict ${good ? 'good' : 'bad'}">${good ? '✓' : '✗'} ${text}</p>
${notes.map((note) => markup`<p class="note">${note}</p>`)}
<dl class="facts">${facts.map(([name, value]) =>
    markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** How to make it again, and what it took. */
export function footer(title: string, command: string, machine: readonly string[]): Markup {
  return markup`<footer><h2>${title}</h2>
<pre>${command}</pre>
<p>${machine.join(' · ')}</p></footer>`;
}

function grid(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: readonly number[],
  keys: readonly string[] = [],
): Markup {
  const of = (row: number): Content =>
    (keys[row] ?? '') !== '' && markup` data-of="${keys[row]}"`;
  const align = (column: number): Content =>
    textColumns.includes(column) && trusted(' class="text"');
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${head.map((cell, i) => markup`<th${align(i)}>${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row, place) => markup`<tr${of(place)}>${
    row.map((cell, i) => markup`<td${align(i)}>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
}
