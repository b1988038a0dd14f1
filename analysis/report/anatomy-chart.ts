/** What each recovery episode was spent on. */
import type { EpisodeRow } from '../tables/index.js';
import * as words from '../words.js';
import { drawnEpisodes, mostLabelled, restriction } from './episode-labels.js';
import type { NumberedEpisode } from './episode-labels.js';
import { keyOfEpisode } from './linked/index.js';
import { colours, plotWidth, preamble } from './theme.js';
import type { ChartTable, PageChart } from './theme.js';

/** In the order in which they usually end; a segment is named after what ends it. */
export const phases = [
  { name: 'failure noticed', colour: colours.orange, end: (row: EpisodeRow) => row.detected_s },
  { name: 'coordinator elected', colour: colours.blue, end: (row: EpisodeRow) => row.elected_s },
  {
    name: 'resources managed again',
    colour: colours.green,
    end: (row: EpisodeRow) => row.reregistered_s,
  },
  { name: 'model complete', colour: colours.purple, end: (row: EpisodeRow) => row.synced_s },
  { name: 'all well', colour: colours.pale, end: (row: EpisodeRow) => row.end_s },
] as const;

interface Segment {
  readonly episode: number;
  readonly label: string;
  readonly phase: string;
  readonly order: number;
  readonly from: number;
  readonly to: number;
  readonly tooltip: string;
  readonly of: string;
}

/**
 * The phases overlap, and of each the last occurrence is known: a segment runs from the end of
 * those left of it. Where more was noticed after the election, what led to it was noticed first.
 */
export function segments(episodes: readonly NumberedEpisode[]): Segment[] {
  return episodes.flatMap(({ number, label, row }) => {
    const { elected_s: elected, detected_s: detected } = row;
    const early = elected !== null && detected !== null && detected > elected;
    let from = 0;
    return phases.flatMap(({ name, end }, order) => {
      const at = early && order === 0 ? row.first_detected_s : end(row);
      if (at === null || at - row.start_s <= from) return [];
      const to = at - row.start_s;
      const tooltip = `${label}: ${name} after ${words.duration(to)}`;
      const of = keyOfEpisode(number);
      const segment = { episode: number, label, phase: name, order, from, to, tooltip, of };
      from = to;
      return [segment];
    });
  });
}

export function anatomyChart(episodes: readonly EpisodeRow[]): PageChart {
  const drawn = drawnEpisodes(episodes);
  const values = segments(drawn);
  const title = titleFor(values, drawn.length, episodes.length);
  const lastFaults = drawn.flatMap(({ number, label, row }) =>
    row.last_fault_s === null || row.last_fault_s <= row.start_s
      ? []
      : [{
        episode: number, label, at: row.last_fault_s - row.start_s, of: keyOfEpisode(number),
      }],
  );
  const labelled = drawn.length <= mostLabelled;
  const caption =
    'A segment ends with what it is named after, and is not seen if that was done by then. ' +
    'Dot: a last fault that came later than the start; the bound counts from there.';
  const body = labelled ? bars(drawn, values, lastFaults) : columns(values, lastFaults);
  return {
    name: 'anatomy',
    title,
    findings: [`${title}.`],
    caption,
    table: tableOf(drawn),
    spec: { ...preamble, title: { text: title }, width: plotWidth, ...body },
  };
}

function tableOf(drawn: readonly NumberedEpisode[]): ChartTable {
  return {
    note: 'Since the start of the episode; – where it was never late.',
    head: ['episode', ...phases.map(({ name }) => name)],
    rows: drawn.map(({ label, row }) => [label, ...phases.map(({ end }) => {
      const at = end(row);
      return at === null ? '–' : words.duration(Math.max(0, at - row.start_s));
    })]),
    textColumns: [0],
    file: 'episodes.csv',
    keys: drawn.map(({ number }) => keyOfEpisode(number)),
  };
}

function titleFor(values: readonly Segment[], drawn: number, all: number): string {
  const spent = phases.map(({ name }) => ({
    name,
    sum: values
      .filter(({ phase }) => phase === name)
      .reduce((sum, { from, to }) => sum + to - from, 0),
  }));
  const total = spent.reduce((sum, phase) => sum + phase.sum, 0);
  const largest = spent.reduce((most, phase) => (phase.sum > most.sum ? phase : most));
  const part = total === 0 ? '' : `: ${words.share(largest.sum / total)} of the time was spent `;
  const what: Record<string, string> = {
    'failure noticed': 'noticing',
    'coordinator elected': 'electing',
    'resources managed again': 'getting resources managed again',
    'model complete': 'completing the model',
    'all well': 'settling',
  };
  const told = total === 0 ? '' : `${part}${what[largest.name]}`;
  return `Anatomy of ${words.some(all, 'recovery episode')}${told}${restriction(drawn, all)}`;
}

const colour = {
  field: 'phase',
  type: 'nominal',
  sort: phases.map(({ name }) => name),
  scale: {
    domain: phases.map(({ name }) => name),
    range: phases.map((phase) => phase.colour),
  },
  legend: { title: 'until', orient: 'top', direction: 'horizontal', columns: 5 },
} as const;

const dot = {
  type: 'point',
  filled: true,
  color: colours.black,
  stroke: '#ffffff',
  strokeWidth: 1,
  size: 46,
  opacity: 1,
} as const;

function bars(
  drawn: readonly NumberedEpisode[],
  values: readonly Segment[],
  dots: readonly object[],
): object {
  const sort = drawn.map(({ label }) => label);
  const y = {
    field: 'label',
    type: 'nominal',
    sort,
    scale: { domain: sort },
    axis: { title: null, labelLimit: 300, ticks: false, domain: false, labelPadding: 8 },
  };
  const x = {
    field: 'from',
    type: 'quantitative',
    scale: { zero: true },
    axis: { title: 'time since the start of the episode (s)' },
  };
  return {
    width: plotWidth - 220,
    height: { step: 24 },
    layer: [
      {
        data: { values },
        mark: { type: 'bar', height: { band: 0.68 } },
        encoding: {
          y,
          x,
          x2: { field: 'to' },
          color: colour,
          description: { field: 'tooltip' },
        },
      },
      { data: { values: dots }, mark: dot, encoding: { y, x: { ...x, field: 'at' } } },
    ],
  };
}

function columns(values: readonly Segment[], dots: readonly object[]): object {
  const x = {
    field: 'episode',
    type: 'quantitative',
    scale: { nice: false, padding: 6 },
    axis: { title: 'episode, in order of time', grid: false, format: 'd', tickMinStep: 1 },
  };
  const y = {
    field: 'from',
    type: 'quantitative',
    scale: { zero: true },
    axis: { title: 'time since the start of the episode (s)' },
  };
  const count = new Set(values.map(({ episode }) => episode)).size;
  const size = Math.max(0.8, Math.min(12, (plotWidth / Math.max(1, count)) * 0.8));
  return {
    height: 300,
    layer: [
      {
        data: { values },
        mark: { type: 'rule', strokeWidth: size, strokeCap: 'butt' },
        encoding: {
          x,
          y,
          y2: { field: 'to' },
          color: colour,
          description: { field: 'tooltip' },
        },
      },
      {
        data: { values: dots },
        mark: { ...dot, size: Math.min(46, size * 6), strokeWidth: size > 4 ? 1 : 0 },
        encoding: { x, y: { ...y, field: 'at' } },
      },
    ],
  };
}
