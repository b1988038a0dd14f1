/** What recoveries cost in messages, beside how long they took. */
import type { EpisodeRow } from '../tables/index.js';
import * as words from '../words.js';
import { drawnEpisodes, restriction } from './episode-labels.js';
import { keyOfEpisode } from './linked/index.js';
import { colours, plotWidth, preamble, type ChartTable, type PageChart } from './theme.js';

const HEIGHT = 260;
/** From this ratio of the largest to the smallest on. */
const LOG_FROM = 20;
const BY_CLOCK = 'beyond what the clock makes due';
const BY_TWIN = 'beyond the same seed without faults';

interface Cost {
  readonly of: string;
  readonly label: string;
  readonly length: number;
  readonly extra: number;
  /** Null: the run has no twin. */
  readonly beyond: number | null;
}

/** Null where no episode is over. */
export function episodeCostChart(episodes: readonly EpisodeRow[]): PageChart | null {
  const drawn = drawnEpisodes(episodes);
  const costs = drawn.flatMap(({ number, label, row }): Cost[] =>
    (row.duration_s === null ? [] : [{
      of: keyOfEpisode(number), label, length: row.duration_s, extra: row.extra_messages,
      // Runs of earlier versions have no such column.
      beyond: row.beyond_twin ?? null,
    }]));
  if (costs.length === 0) return null;
  const title = `Messages beyond those of peace, against the length of ${
    words.some(costs.length, 'episode')}${restriction(drawn.length, episodes.length)}`;
  return {
    name: 'episode-cost',
    title,
    findings: findings(costs),
    table: tableOf(costs),
    caption: 'Points: episodes. What is sent on change counts, and of what is sent by the clock ' +
      'as much as exceeds what the living population has to send.' +
      (costs.some(({ beyond }) => beyond !== null)
        ? ' Diamonds: sent in the episode less what was sent in the same time of a run of the ' +
          'same seed without faults.' : ''),
    spec: {
      ...preamble, title: { text: title }, width: plotWidth, height: HEIGHT, ...cloud(costs),
    },
  };
}

function findings(costs: readonly Cost[]): string[] {
  const [longest, dearest] = (['length', 'extra'] as const).map((field) =>
    costs.reduce((a, b) => (b[field] > a[field] ? b : a)));
  const of = ({ label, length, extra }: Cost): string =>
    `${label} (${words.duration(length)}, ${words.count(extra)})`;
  const first = longest === dearest
    ? `The longest episode cost most messages, too: ${of(longest)}.`
    : `The longest episode was ${of(longest)}, and ${of(dearest)} cost most messages.`;
  const both = costs.flatMap(({ extra, beyond }) => (beyond === null ? [] : [{ extra, beyond }]));
  if (both.length === 0) return [first];
  const sum = (field: 'extra' | 'beyond'): number =>
    both.reduce((all, one) => all + one[field], 0);
  return [first, `${words.count(sum('extra'))} messages were extra by the clock, and ` +
    `${words.count(sum('beyond'))} beyond what the same seed sends without faults.`];
}

function cloud(costs: readonly Cost[]): object {
  const shown = costs.flatMap(({ of, label, length, extra, beyond }) => [
    { of, label, length, messages: extra, by: BY_CLOCK },
    ...(beyond === null ? [] : [{ of, label, length, messages: beyond, by: BY_TWIN }]),
  ]);
  const values = shown.map((one) => ({
    ...one,
    tooltip: `${one.label}: ${words.count(one.messages)} messages ${one.by}, in ` +
      words.duration(one.length),
  }));
  const numbers = (field: 'length' | 'messages', title: string): object => {
    const all = shown.map((one) => one[field]);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const isLog = low > 0 && high / low >= LOG_FROM;
    return {
      field, type: 'quantitative', axis: { title, tickCount: 8 },
      scale: isLog ? { type: 'log', nice: false, domain: [low / 1.3, high * 1.3] }
        : { domain: [Math.min(0, low), high * 1.05 || 1], nice: false },
    };
  };
  const two = shown.length > costs.length;
  const domain = two ? [BY_CLOCK, BY_TWIN] : [BY_CLOCK];
  const channel = (range: readonly string[]): object => ({
    field: 'by', type: 'nominal', scale: { domain, range: range.slice(0, domain.length) },
    legend: two ? { title: null, orient: 'top', labelLimit: 300 } : null,
  });
  return {
    data: { values },
    mark: { type: 'point', filled: true, size: 52, opacity: 0.85, stroke: '#ffffff' },
    encoding: {
      x: numbers('length', 'length of the episode (s)'), y: numbers('messages', 'messages'),
      color: channel([colours.blue, colours.orange]), shape: channel(['circle', 'diamond']),
      description: { field: 'tooltip' },
    },
    view: { stroke: colours.pale },
  };
}

function tableOf(costs: readonly Cost[]): ChartTable {
  return {
    note: 'Messages of the whole episode.',
    head: ['episode', 'length', 'extra', 'per second', 'beyond the twin'],
    rows: costs.map(({ label, length, extra, beyond }) => [
      label, words.duration(length), words.count(extra),
      length > 0 ? words.quantity(extra / length) : '–',
      beyond === null ? '–' : words.count(beyond),
    ]),
    keys: costs.map(({ of }) => of),
    textColumns: [0],
    file: 'episodes.csv',
  };
}
