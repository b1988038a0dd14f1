/** The report of a sweep as a single page that needs nothing else, not even a script. */
import type { SweepManifest, SweepRow } from '../../sweep/index.js';
import { estimateText, warningsOf } from '../../estimate-words.js';
import { promisesText } from '../../promise-words.js';
import * as words from '../../words.js';
import { escape, figure, page, table, type DrawnChart } from '../page.js';
import { axisTitle } from './axis.js';
import { inCell, type SweepData } from './data.js';
import { measureWords } from '../../measure-words.js';
import { drawnMeasures } from './measures-chart.js';

const mostRows = 200;

export function sweepHtml(
  data: SweepData,
  manifest: SweepManifest,
  charts: readonly DrawnChart[],
): string {
  const { name, seed } = data.outline;
  return page(
    `${name} · seed ${seed} · Howdah`,
    [
      header(data, manifest),
      tiles(data),
      ...charts.map((one) => figure(one, told(manifest, 'command'))),
      cellTable(data),
      troubleTable(data.rows),
      footer(manifest),
    ].join('\n'),
  );
}

function header({ outline, rows }: SweepData, manifest: SweepManifest): string {
  const bad = rows.filter(({ status }) => status !== 'ok');
  const { text, reasons } = promisesText(rows);
  const { name, description, seed } = outline;
  const facts = [
    ['seed', String(seed)],
    ['varied', outline.axes.map(({ path }) => axisTitle(path, outline.report.axes)).join('; ')],
  ];
  const unfinished = manifest.complete ? '' : ' · <b>not finished</b>';
  return `<header>
<p class="kicker">Howdah sweep report${unfinished}</p>
<h1>${escape(name)}</h1>
${description === '' ? '' : `<p class="description">${escape(description)}</p>`}
<p class="verdict ${bad.length === 0 ? 'good' : 'bad'}">${bad.length === 0 ? '✓' : '✗'} ${escape(
    text,
  )}</p>
${reasons.map((why) => `<p class="note">No bound in ${escape(why)}</p>`).join('\n')}
<dl class="facts">${facts
    .map(([term, value]) => `<div><dt>${term}</dt><dd>${escape(value)}</dd></div>`)
    .join('')}</dl>
</header>`;
}

function tiles({ rows, cells }: SweepData): string {
  const sum = (name: string): number =>
    rows.reduce((total, { scalars }) => total + Number(scalars[name] ?? 0), 0);
  const most = Math.max(0, ...cells.map((cell) => cell.rows.length));
  const shown: [string, string, string][] = [
    [words.count(rows.length), 'runs', `${words.some(cells.length, 'cell')}, up to ${most} each`],
    [words.duration(sum('simulatedSeconds')), 'simulated', `${words.count(sum('events'))} events`],
    [
      words.count(sum('faults.injected')),
      'faults injected',
      `${words.count(sum('recovery.episodes'))} recovery episodes`,
    ],
    [
      words.count(sum('messages.sent')),
      'messages',
      `${words.bytes(sum('messages.bytes'))} in all`,
    ],
  ];
  return `<section class="tiles" aria-label="Key numbers">${shown
    .map(
      ([value, name, note]) =>
        `<div><b>${escape(value)}</b><span>${escape(name)}</span>` +
        `<small>${escape(note)}</small></div>`,
    )
    .join('')}</section>`;
}

function cellTable(data: SweepData): string {
  const { outline, cells } = data;
  const measures = drawnMeasures(data);
  const estimates = cells.flatMap((cell) => measures.map((measure) => inCell(cell, measure)));
  const warnings = warningsOf(estimates.filter((one) => one !== null));
  const rows = cells.slice(0, mostRows).map((cell) => [
    ...cell.values,
    words.count(cell.rows.length),
    ...measures.map((measure) => {
      const estimate = inCell(cell, measure);
      return estimate === null ? '–' : estimateText(estimate, measureWords(measure).told);
    }),
  ]);
  return table(
    'Cells',
    ['Mean over the runs of a cell, and its 95% confidence interval.', ...warnings].join(' '),
    [
      ...outline.axes.map(({ path }) => axisTitle(path, outline.report.axes)),
      'runs',
      ...measures.map((measure) => measureWords(measure).title),
    ],
    rows,
    outline.axes.map((_, index) => index),
    cells.length,
    'runs.csv',
  );
}

function troubleTable(rows: readonly SweepRow[]): string {
  const bad = rows.filter(({ status }) => status !== 'ok');
  if (bad.length === 0) return '';
  return table(
    'Runs that broke a promise or crashed',
    'Each can be made again from its scenario.yaml; crashes/ says why one crashed.',
    ['run', 'status', 'replication', 'seed', 'cell'],
    bad.slice(0, mostRows).map(({ runId, status, replication, seed, values }) => [
      runId,
      status,
      String(replication),
      String(seed),
      values.join(', '),
    ]),
    [0, 1, 4],
    bad.length,
    'runs.csv',
  );
}

function footer(manifest: SweepManifest): string {
  const machine = [
    `Howdah ${told(manifest, 'version')}`,
    `Node ${told(manifest, 'node')}`,
    told(manifest, 'platform'),
    `${words.duration(Number(manifest['wallSeconds'] ?? 0))} of wall time`,
    `${told(manifest, 'jobs')} jobs`,
  ];
  return `<footer><h2>This sweep again</h2>
<pre>${escape(told(manifest, 'command'))}</pre>
<p>${machine.map(escape).join(' · ')}</p></footer>`;
}

function told(manifest: SweepManifest, key: string): string {
  const value = manifest[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
