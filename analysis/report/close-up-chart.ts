/** An episode from near by: who was without a manager when, and what was sent meanwhile. */
import { periodicTypes } from '../../core/messages.js';
import { kindInWords } from '../fault-words.js';
import type { CloseUp } from '../measures/index.js';
import type { StoredRun } from '../run-directory.js';
import type { EpisodeRow, FaultRow } from '../tables/index.js';
import * as words from '../words.js';
import { colours, plotWidth, preamble, type ChartTable, type PageChart } from './theme.js';

const NAMED_ROW = 14;
const MOST_NAMED = 24;
/** Of all resources together, where they have no names. */
const CROWD = 200;
const MESSAGES = 150;
const LEGEND = 190;
const MOST_HUES = 6;
const hues = [
  colours.blue, colours.orange, colours.green, colours.purple, colours.sky, colours.red,
];
const other = 'all others';
const periodic: ReadonlySet<string> = periodicTypes;
const byClock = 'by the clock';

/** One of them, its times counted from its start. */
interface Episode {
  readonly number: number;
  readonly row: EpisodeRow;
  readonly seconds: number;
  readonly spells: readonly Unmanaged[];
  readonly moreSpells: number;
  readonly bins: readonly Bin[];
  readonly faults: readonly { readonly at: number; readonly tooltip: string }[];
}

interface Unmanaged {
  readonly resource: string;
  readonly manager: string;
  readonly from: number;
  readonly to: number;
  readonly ended: boolean;
}

interface Bin {
  readonly from: number;
  readonly until: number;
  /** By type; all periodic ones as one. */
  readonly sent: ReadonlyMap<string, number>;
}

/** Of the longest episodes, in order of time. */
export function closeUpCharts(run: StoredRun): PageChart[] {
  return run.closeUps.flatMap((one) => {
    const index = run.episodes.findIndex((row) => row.start_s === one.start_s);
    if (index === -1) return [];
    const episode = episodeOf(one, run.episodes[index], index + 1, run);
    return episode.seconds > 0 ? [chart(episode, run)] : [];
  });
}

function episodeOf(
  { start_s, end_s, spells, moreSpells, rows }: CloseUp, row: EpisodeRow, number: number,
  { summary, faults }: StoredRun,
): Episode {
  const seconds = (end_s ?? summary.simulatedSeconds) - start_s;
  const within = (at: number): number => Math.max(0, Math.min(seconds, at - start_s));
  return {
    number, row, seconds, moreSpells,
    spells: spells.map(({ resource, manager, from_s, to_s }) => ({
      resource, manager: manager ?? 'nobody', from: within(from_s),
      to: to_s === null ? seconds : within(to_s), ended: to_s !== null,
    })).sort((a, b) => a.from - b.from || a.to - b.to),
    bins: rows.map(({ until_s, sent }, place) => ({
      from: within(rows[place - 1]?.until_s ?? start_s), until: within(until_s),
      sent: grouped(sent),
    })).filter(({ from, until }) => until > from),
    faults: faults.filter(({ time_s }) => time_s >= start_s && time_s <= start_s + seconds)
      .map((fault) => ({ at: fault.time_s - start_s, tooltip: faultText(fault, start_s) })),
  };
}

function faultText({ time_s, kind, target }: FaultRow, start: number): string {
  return `${kindInWords(kind)}: ${words.nodes(target)}, ${words.duration(time_s - start)} after ` +
    'the start';
}

function grouped(sent: CloseUp['rows'][number]['sent']): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const [type, count] of Object.entries(sent)) {
    const name = periodic.has(type) ? byClock : type;
    all.set(name, (all.get(name) ?? 0) + count);
  }
  return all;
}

function chart(episode: Episode, { episodes, closeUps }: StoredRun): PageChart {
  const { number, row, spells, moreSpells } = episode;
  const title = `Episode ${number} from near by: ${row.cause}, at ${words.instant(row.start_s)}`;
  const left = closeUps.length < episodes.length
    ? ` The longest of ${words.count(episodes.length)} episodes are shown so.` : '';
  const cut = moreSpells === 0 ? ''
    : ` The first ${spells.length} are drawn, ${words.count(moreSpells)} others counted.`;
  return {
    name: `episode-${number}`,
    title,
    findings: findings(episode),
    table: tableOf(episode),
    caption: 'Above: each live resource while it had no manager, by who had it before. Below: ' +
      `messages sent, stacked. Dashed: faults.${cut}${left}`,
    spec: {
      ...preamble,
      title: { text: title },
      spacing: 14,
      bounds: 'flush',
      vconcat: [...(spells.length > 0 ? [spellPanel(episode)] : []), messagePanel(episode)],
      resolve: { scale: { color: 'independent' } },
    },
  };
}

/** Sums over the episode, the greatest first. */
function totals({ bins }: Episode): [type: string, count: number][] {
  const all = new Map<string, number>();
  for (const { sent } of bins) {
    for (const [type, count] of sent) all.set(type, (all.get(type) ?? 0) + count);
  }
  return [...all].sort(([, a], [, b]) => b - a);
}

function findings(episode: Episode): string[] {
  const { number, row, seconds, spells, moreSpells, bins } = episode;
  const length = `Episode ${number} ${row.censored ? 'was open for' : 'lasted'} ` +
    words.duration(seconds);
  const who = new Set(spells.map(({ resource }) => resource)).size;
  const last = spells.reduce<Unmanaged | null>((a, b) => (a === null || b.to > a.to ? b : a), null);
  const lost = last === null ? 'nobody was without a manager'
    : moreSpells > 0
      ? `resources were without a manager ${words.count(spells.length + moreSpells)} times`
      : `${words.some(who, 'resource')} ${who === 1 ? 'was' : 'were'} without a manager, ` +
        (last.ended ? `${last.resource} until ${words.duration(last.to)} after its start`
          : `${last.resource} still at its end`);
  const changes = totals(episode).filter(([type]) => type !== byClock);
  const sum = changes.reduce((all, [, count]) => all + count, 0);
  if (sum === 0) return [`${length}: ${lost}; nothing was sent but by the clock.`];
  const rate = ({ from, until, sent }: Bin): number =>
    [...sent].reduce((all, [type, count]) => all + (type === byClock ? 0 : count), 0) /
    (until - from);
  const busiest = bins.reduce((a, b) => (rate(b) > rate(a) ? b : a));
  return [
    `${length}: ${lost}.`,
    `${words.count(sum)} messages were sent because something changed, most of them ` +
      `${changes[0][0]} (${words.count(changes[0][1])}); the most at once about ` +
      `${words.duration((busiest.from + busiest.until) / 2)} after its start, ` +
      `${words.quantity(rate(busiest))} per second.`,
  ];
}

function tableOf(episode: Episode): ChartTable {
  const { spells, bins } = episode;
  const times = totals(episode).map(([type, count]) => {
    const own = bins.filter(({ sent }) => sent.has(type));
    return [
      `messages: ${type}`, '–', words.duration(own[0].from),
      words.duration(own[own.length - 1].until), words.count(count),
    ];
  });
  const lost = spells.map(({ resource, manager, from, to, ended }) =>
    [resource, manager, words.duration(from), ended ? words.duration(to) : 'the end', '–']);
  return {
    note: 'Resources without a manager, and messages by type; since the start of the episode.',
    head: ['what', 'held before by', 'from', 'until', 'sent'],
    rows: [...lost, ...times],
    textColumns: [0, 1],
    file: 'stories.json',
  };
}

function timeAxis({ seconds }: Episode, field: string, labelled: boolean): object {
  return {
    field, type: 'quantitative', scale: { domain: [0, seconds], nice: false },
    axis: {
      title: labelled ? 'time since the start of the episode (s)' : null, labels: labelled,
      grid: false, tickCount: 10,
    },
  };
}

function faultRules({ faults }: Episode, x: object): object {
  return {
    data: { values: faults },
    mark: { type: 'rule', color: colours.red, strokeWidth: 1, strokeDash: [3, 3] },
    encoding: { x, description: { field: 'tooltip' } },
  };
}

/** The names with most, and the rest as one; each with its colour. */
function hued(
  names: readonly string[], field: string, only: number,
): { readonly shown: readonly string[]; readonly color: object } {
  const shown = names.slice(0, only);
  const all = names.length > shown.length ? [...shown, other] : shown;
  const range = all.map((name, index) =>
    (name === other ? colours.grey : name === byClock ? colours.pale : hues[index % hues.length]));
  const color = {
    field, type: 'nominal', sort: all, scale: { domain: all, range },
    legend: { title: null, orient: 'right', offset: 14, labelLimit: LEGEND - 40 },
  };
  return { shown, color };
}

function spellPanel(episode: Episode): object {
  const { spells } = episode;
  const counts = new Map<string, number>();
  for (const { manager } of spells) counts.set(manager, (counts.get(manager) ?? 0) + 1);
  const managers = [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const { shown, color } = hued(managers, 'manager', MOST_HUES);
  const named = spells.length <= MOST_NAMED;
  const height = named ? NAMED_ROW * spells.length : Math.max(CROWD, 2 * spells.length);
  const x = timeAxis(episode, 'from', false);
  const values = spells.map(({ resource, manager, from, to, ended }, place) => ({
    from, to, place, end: place + 0.8, manager: shown.includes(manager) ? manager : other,
    tooltip: `${resource}, before of ${manager}: ${words.duration(from)} to ` +
      (ended ? words.duration(to) : 'the end'),
  }));
  const names = JSON.stringify(spells.map(({ resource }) => resource));
  const y = {
    field: 'place', type: 'quantitative',
    scale: { domain: [spells.length, 0], nice: false },
    axis: {
      title: named ? null : ['resources', 'without a manager'], grid: false, minExtent: 46,
      ...(named ? {
        values: spells.map((_, place) => place + 0.4),
        labelExpr: `${names}[round(datum.value - 0.4)]`,
        ticks: false, domain: false, labelLimit: 110,
      } : { tickCount: 4, format: 'd' }),
    },
  };
  return {
    width: plotWidth - LEGEND,
    height,
    layer: [
      {
        data: { values },
        // With a stroke, so that what lasted for a moment is seen.
        mark: { type: 'rect', strokeWidth: 1 },
        encoding: {
          x, x2: { field: 'to' }, y, y2: { field: 'end' }, color,
          stroke: { ...color, legend: null },
          description: { field: 'tooltip' },
        },
      },
      faultRules(episode, timeAxis(episode, 'at', false)),
    ],
  };
}

function messagePanel(episode: Episode): object {
  const { bins } = episode;
  const changes = totals(episode).map(([type]) => type).filter((type) => type !== byClock);
  const { shown, color } = hued([...changes.slice(0, MOST_HUES), byClock,
    ...changes.slice(MOST_HUES)], 'type', Math.min(changes.length, MOST_HUES) + 1);
  const values = bins.flatMap(({ from, until, sent }) => {
    let low = 0;
    const rest = [...sent].filter(([type]) => !shown.includes(type))
      .reduce((sum, [, count]) => sum + count, 0);
    return [...shown.map((type) => [type, sent.get(type) ?? 0] as const), [other, rest] as const]
      .filter(([, count]) => count > 0)
      .map(([type, count]) => {
        const base = low;
        low += count / (until - from);
        const when = `${words.duration(from)} to ${words.duration(until)}`;
        const tooltip = `${type}, ${when}: ${words.count(count)}`;
        return { from, until, low: base, high: low, type, tooltip };
      });
  });
  const x = timeAxis(episode, 'from', true);
  const y = {
    field: 'low', type: 'quantitative', scale: { zero: true },
    axis: { title: 'messages per second', tickCount: 5, minExtent: 46 },
  };
  return {
    width: plotWidth - LEGEND,
    height: MESSAGES,
    layer: [
      {
        data: { values },
        mark: { type: 'rect' },
        encoding: {
          x, x2: { field: 'until' }, y, y2: { field: 'high' }, color,
          description: { field: 'tooltip' },
        },
      },
      faultRules(episode, timeAxis(episode, 'at', true)),
    ],
  };
}
