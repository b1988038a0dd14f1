/** What the bound promised beside what was measured. */
import type { EpisodeRow } from '../tables/index.js';
import type { Summary } from '../measures/index.js';
import * as words from '../words.js';
import { drawnEpisodes, mostLabelled, restriction } from './episode-labels.js';
import type { NumberedEpisode } from './episode-labels.js';
import { keyOfEpisode } from './linked/index.js';
import { colours, plotWidth, preamble } from './theme.js';
import type { ChartTable, PageChart } from './theme.js';
import { timeChannel, timeUnitFor } from './time-axis.js';

const within = 'settled within the bound';
const beyond = 'settled later than the bound';
const unbounded = 'no bound is promised';

interface Point {
  readonly label: string;
  readonly time: number;
  readonly settle: number;
  readonly bound: number | null;
  readonly verdict: string;
  readonly share: string;
  /** Where both end. */
  readonly end: number;
  readonly tooltip: string;
  readonly of: string;
}

export function boundChart(summary: Summary, episodes: readonly EpisodeRow[]): PageChart {
  const unit = timeUnitFor(summary.simulatedSeconds);
  const drawn = drawnEpisodes(episodes);
  const points = drawn.flatMap((episode) => point(episode, unit.seconds));
  const title = titleFor(points) + restriction(drawn.length, episodes.length);
  const caption =
    'Settle: from the last fault of an episode to its end. Black: the bound derived from the ' +
    'configuration and the faults of that episode. Open episodes are left out.';
  const body =
    points.length <= mostLabelled
      ? bars(points)
      : cloud(points, timeChannel(summary.simulatedSeconds, unit, true));
  return {
    name: 'bound',
    title,
    findings: [`${title}.`],
    caption,
    table: tableOf(points),
    spec: { ...preamble, title: { text: title }, width: plotWidth, ...body },
  };
}

function point({ number, label, row }: NumberedEpisode, unitSeconds: number): Point[] {
  if (row.settle_s === null) return [];
  const bound = row.bound_s;
  const share = bound === null ? '' : `${words.share(row.settle_s / bound)} of the bound`;
  return [
    {
      label,
      time: row.start_s / unitSeconds,
      settle: row.settle_s,
      bound,
      verdict: bound === null ? unbounded : row.settle_s <= bound ? within : beyond,
      share,
      end: Math.max(row.settle_s, bound ?? 0),
      of: keyOfEpisode(number),
      tooltip: `${label}: settled after ${words.duration(row.settle_s)}${
        bound === null ? '' : `, bound ${words.duration(bound)}`
      }`,
    },
  ];
}

function tableOf(points: readonly Point[]): ChartTable {
  return {
    note: 'Since the last fault of the episode.',
    head: ['episode', 'settled', 'bound', 'share'],
    rows: points.map(({ label, settle, bound }) => [
      label, words.duration(settle), bound === null ? '–' : words.duration(bound),
      bound === null ? '–' : words.share(settle / bound),
    ]),
    textColumns: [0],
    file: 'episodes.csv',
    keys: points.map(({ of }) => of),
  };
}

function titleFor(points: readonly Point[]): string {
  const bounded = points.filter(({ bound }) => bound !== null);
  if (points.length === 0) return 'No episode has settled';
  if (bounded.length === 0) return 'No bound can be promised for this configuration';
  const late = bounded.filter(({ verdict }) => verdict === beyond).length;
  if (late > 0) return `${late} of ${words.some(bounded.length, 'episode')} outlasted the bound`;
  const most = Math.max(...bounded.map(({ settle, bound }) => settle / bound!));
  return `Every episode settled within its bound; the slowest took ${words.share(most)} of it`;
}

function colour(points: readonly Point[]): object {
  const verdicts = [
    { name: within, colour: colours.blue },
    { name: beyond, colour: colours.red },
    { name: unbounded, colour: colours.grey },
  ].filter(({ name }) => points.some(({ verdict }) => verdict === name));
  return {
    field: 'verdict',
    type: 'nominal',
    scale: {
      domain: verdicts.map(({ name }) => name),
      range: verdicts.map((verdict) => verdict.colour),
    },
    legend: { title: null, orient: 'top' },
  };
}

function bars(points: readonly Point[]): object {
  const sort = points.map(({ label }) => label);
  const y = {
    field: 'label',
    type: 'nominal',
    sort,
    scale: { domain: sort },
    axis: { title: null, labelLimit: 300, ticks: false, domain: false, labelPadding: 8 },
  };
  const axis = { title: 'time since the last fault of the episode (s)' };
  const x = (field: string): object => ({ field, type: 'quantitative', axis });
  const most = Math.max(0, ...points.map(({ settle, bound }) => Math.max(settle, bound ?? 0)));
  return {
    width: plotWidth - 220,
    height: { step: 24 },
    data: { values: points },
    layer: [
      {
        mark: { type: 'bar', height: { band: 0.6 } },
        encoding: {
          y,
          x: { ...x('settle'), scale: { domain: [0, most * 1.2], nice: false } },
          color: colour(points),
          description: { field: 'tooltip' },
        },
      },
      {
        transform: [{ filter: 'isValid(datum.bound)' }],
        mark: { type: 'tick', color: colours.black, thickness: 2.5, height: { band: 0.8 } },
        encoding: { y, x: x('bound') },
      },
      {
        mark: { type: 'text', align: 'left', dx: 8, color: colours.black },
        encoding: { y, x: x('end'), text: { field: 'share' } },
      },
    ],
  };
}

function cloud(points: readonly Point[], time: object): object {
  const y = (field: string): object => ({
    field,
    type: 'quantitative',
    scale: { zero: true },
    axis: { title: 'time since the last fault of the episode (s)' },
  });
  return {
    height: 280,
    data: { values: points },
    layer: [
      {
        transform: [{ filter: 'isValid(datum.bound)' }],
        mark: { type: 'point', shape: 'stroke', size: 50, color: colours.black, opacity: 0.6 },
        encoding: { x: time, y: y('bound') },
      },
      {
        mark: { type: 'point', filled: true, size: 26, opacity: 0.75 },
        encoding: {
          x: time,
          y: y('settle'),
          color: colour(points),
          description: { field: 'tooltip' },
        },
      },
    ],
  };
}
