/** What any report is made of: a page that needs nothing else, figures, tables. */
import * as words from '../words.js';
import { stylesheet } from './stylesheet.js';
import type { PageChart } from './theme.js';

export interface DrawnChart {
  readonly chart: PageChart;
  readonly svg: string;
}

/** More rows would make the page slow; the CSV files have them all. */
export const mostRows = 200;

export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escape(title)}</title>
<style>${stylesheet}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

export function escape(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  const escaped = text.replace(/[&<>"]/g, (character) => named[character]);
  // A number stays with its unit.
  return escaped.replace(/(\d) (?=(?:ms|s|min|h|d|[kMGT]?B)\b)/g, '$1\u00a0');
}

/** @param command - that made what it draws */
export function figure({ chart, svg }: DrawnChart, command: string): string {
  const region = `tabindex="0" role="region" aria-label="${escape(chart.title)}"`;
  const { note, head, rows, textColumns, file } = chart.table;
  // What the picture bears for its title is not said above it as well.
  const told = chart.findings.flatMap((finding, place) => finding === `${chart.title}.` ? []
    : [`<p${place === 0 ? ' class="headline"' : ''}>${escape(finding)}</p>`]).join('\n');
  const shown = rows.slice(0, mostRows);
  const cut = rows.length > mostRows ? `The first ${mostRows} of ${words.count(rows.length)}.` : '';
  const made = `<code>${escape(command)}</code>, then <code>sim report</code> of its directory`;
  const looks = chart.keepsColours === true ? ' class="as-drawn"' : '';
  return `<figure id="${chart.name}"${looks}>
${told === '' ? '' : `<div class="finding">${told}</div>\n`}<div class="plot" ${region}>${svg}</div>
<figcaption>${escape(chart.caption)}
<a href="${chart.name}.svg">SVG</a> <a href="${chart.name}.vl.json">Vega-Lite</a></figcaption>
<details><summary>Its numbers, and how it was made</summary>
<p class="note">${escape([note, cut].join(' ').trim())} <a href="${file}">${file}</a></p>
${grid(chart.title, head, shown, textColumns)}
<p class="note">Made by ${made}.</p></details>
</figure>`;
}

/** @param total - rows there are, of which those given are the first */
export function table(
  title: string,
  note: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: readonly number[],
  total: number,
  file: string,
): string {
  const rest =
    total > rows.length ? ` The first ${rows.length} of ${words.count(total)} are shown.` : '';
  return `<section><h2>${escape(title)}</h2>
<p class="note">${escape(note + rest)} <a href="${file}">${file}</a></p>
${grid(title, head, rows, textColumns)}</section>`;
}

function grid(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: readonly number[],
): string {
  const align = (column: number): string => (textColumns.includes(column) ? ' class="text"' : '');
  const cells = (row: readonly string[], tag: string): string =>
    `<tr>${row.map((cell, i) => `<${tag}${align(i)}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  const region = `tabindex="0" role="region" aria-label="${escape(title)}"`;
  return `<div class="scroll" ${region}><table><thead>${cells(head, 'th')}</thead>
<tbody>${rows.map((row) => cells(row, 'td')).join('\n')}</tbody></table></div>`;
}
