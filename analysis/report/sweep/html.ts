/** The report of a sweep as a single page that needs nothing else. */
import type { SweepManifest, SweepRow } from '../../sweep/index.js';
import { estimateText, warningsOf } from '../../estimate-words.js';
import { promisesText } from '../../promise-words.js';
import * as words from '../../words.js';
import { choicesOf, keyOf, type Choice } from '../linked/index.js';
import type { Content, Markup } from '../markup.js';
import {
  figure, footer, header, mostRows, page, table, tiles, type DrawnChart,
} from '../page.js';
import { axisScale, axisTitle } from './axis.js';
import { inCell, type SweepData } from './data.js';
import { measureWords } from '../../measure-words.js';
import { drawnMeasures } from './measures-chart.js';

export function sweepHtml(
  data: SweepData,
  manifest: SweepManifest,
  charts: readonly DrawnChart[],
  settings: readonly (readonly [path: string, value: string])[],
): string {
  const { name, seed } = data.outline;
  return page(
    `${name} · seed ${seed} · Howdah`,
    [
      head(data, manifest),
      keyNumbers(data),
      choicesOf(linkedAxes(data)),
      ...charts.map((one) => figure(one, told(manifest, 'command'))),
      cellTable(data),
      troubleTable(data.rows),
      table(
        'Configuration', 'The settings in force in all cells; faults, rules and kinds are in',
        ['setting', 'value'], settings, [0, 1], settings.length, 'sweep.yaml',
      ),
      foot(manifest),
    ],
  );
}

function head({ outline, rows }: SweepData, manifest: SweepManifest): Markup {
  const bad = rows.filter(({ status }) => status !== 'ok');
  const { text, reasons } = promisesText(rows);
  const { name, description, seed } = outline;
  return header({
    kicker: 'Howdah sweep report',
    aside: manifest.complete ? '' : 'not finished',
    title: name,
    description,
    verdict: { good: bad.length === 0, text },
    notes: reasons.map((why) => `No bound in ${why}`),
    facts: [
      ['seed', String(seed)],
      ['varied', outline.axes.map(({ path }) => axisTitle(path, outline.report.axes)).join('; ')],
    ],
  });
}

function keyNumbers({ rows, cells }: SweepData): Markup {
  const sum = (name: string): number =>
    rows.reduce((total, { scalars }) => total + Number(scalars[name] ?? 0), 0);
  const most = Math.max(0, ...cells.map((cell) => cell.rows.length));
  return tiles([
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
  ]);
}

function linkedAxes({ outline: { axes, report } }: SweepData): Choice[] {
  return axes.map(({ path, values }) => ({
    title: axisTitle(path, report.axes),
    values: values.map((value, place) => ({
      key: keyOf(axes, axes.map((axis) => (axis.path === path ? value : ''))),
      label: axisScale(values).labels[place],
    })),
  }));
}

function cellTable(data: SweepData): Markup {
  const { outline, cells } = data;
  const measures = drawnMeasures(data);
  const estimates = cells.flatMap((cell) => measures.map((measure) => inCell(cell, measure)));
  const warnings = warningsOf(estimates.filter((one) => one !== null));
  const rows = cells.slice(0, mostRows).map((cell) => [
    ...cell.values,
    words.count(cell.rows.length),
    ...measures.map((measure) => {
      const estimate = inCell(cell, measure);
      return estimate === null ? '–'
        : estimateText(estimate, measureWords(measure).told, cell.rows.length);
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
    cells.map(({ of }) => of),
  );
}

function troubleTable(rows: readonly SweepRow[]): Content {
  const bad = rows.filter(({ status }) => status !== 'ok');
  if (bad.length === 0) return null;
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

function foot(manifest: SweepManifest): Markup {
  return footer('This sweep again', told(manifest, 'command'), [
    `Howdah ${told(manifest, 'version')}`,
    `Node ${told(manifest, 'node')}`,
    told(manifest, 'platform'),
    `${words.duration(Number(manifest['wallSeconds'] ?? 0))} of wall time`,
    `${told(manifest, 'jobs')} jobs`,
  ]);
}

function told(manifest: SweepManifest, key: string): string {
  const value = manifest[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}
