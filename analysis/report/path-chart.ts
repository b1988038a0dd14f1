/** What each recovery waited for, from its fault to its end. */
import { causeWords, type EpisodePath, type Summary } from '../measures/index.js';
import type { EpisodeRow } from '../tables/index.js';
import * as words from '../words.js';
import { drawnEpisodes, mostLabelled, type NumberedEpisode } from './episode-labels.js';
import { keyOfEpisode } from './linked/index.js';
import { colours, plotWidth, preamble, type ChartTable, type PageChart } from './theme.js';

const hues = [
  colours.blue, colours.orange, colours.green, colours.purple, colours.sky, colours.red,
  colours.black,
];
const OTHER = 'other';
const LABELS = 220;

interface Walked extends NumberedEpisode {
  readonly path: EpisodePath;
}

/** Null where no episode is over. The longest are drawn. */
export function pathChart(
  summary: Summary, episodes: readonly EpisodeRow[], paths: readonly EpisodePath[],
): PageChart | null {
  const byStart = new Map(paths.map((path) => [path.start_s, path]));
  const walked = drawnEpisodes(episodes).flatMap((episode): Walked[] => {
    const path = byStart.get(episode.row.start_s);
    return path === undefined || episode.row.censored ? [] : [{ ...episode, path }];
  });
  const causes = (summary.recovery.criticalPath ?? []).filter(({ seconds }) => seconds > 0);
  if (walked.length === 0 || causes.length === 0) return null;
  const length = ({ row }: Walked): number => row.duration_s ?? 0;
  const drawn = [...walked].sort((a, b) => length(b) - length(a)).slice(0, mostLabelled)
    .sort((a, b) => a.number - b.number);
  const title = 'What each recovery waited for';
  const left = drawn.length < episodes.length
    ? ` The ${drawn.length} longest of ${words.some(episodes.length, 'episode')} are drawn.` : '';
  return {
    name: 'path',
    title,
    findings: [finding(causes)],
    table: tableOf(drawn),
    caption: 'Back from the end of an episode to its fault, each stretch by what it waited for: ' +
      `together they are all of it.${left}`,
    spec: { ...preamble, title: { text: title }, ...bars(drawn, causes) },
  };
}

function finding(causes: Summary['recovery']['criticalPath']): string {
  const [{ cause, setting, share, seconds, saves, costs }] = causes;
  const half = saves === null ? '' : `; half of it would have saved ${words.duration(saves)} in ` +
    `all, for ${words.quantity(costs ?? 0)} messages more per second`;
  const by = setting === null ? 'which no setting decides' : `which ${setting} decides`;
  return `Recoveries waited most for this: ${causeWords(cause)}, ${by}, ${words.share(share)} of ` +
    `their time, ${words.duration(seconds)}${half}.`;
}

function bars(drawn: readonly Walked[], causes: Summary['recovery']['criticalPath']): object {
  const named = causes.slice(0, hues.length).map(({ cause }) => causeWords(cause));
  const values = drawn.flatMap(({ number, label, path }) => {
    let at = 0;
    return path.stretches.map(({ cause, setting, seconds }) => {
      const from = at;
      at += seconds;
      const what = causeWords(cause);
      const by = setting === null ? '' : ` (${setting})`;
      return {
        label, from, to: at, cause: named.includes(what) ? what : OTHER, of: keyOfEpisode(number),
        tooltip: `${label}: ${words.duration(seconds)}, ${what}${by}`,
      };
    });
  });
  const domain = [...named, ...(causes.length > named.length ? [OTHER] : [])];
  const sort = drawn.map(({ label }) => label);
  return {
    width: plotWidth - LABELS,
    height: { step: 24 },
    data: { values },
    mark: { type: 'bar', height: { band: 0.68 } },
    encoding: {
      y: {
        field: 'label', type: 'nominal', sort, scale: { domain: sort },
        axis: { title: null, labelLimit: 300, ticks: false, domain: false, labelPadding: 8 },
      },
      x: {
        field: 'from', type: 'quantitative', scale: { zero: true },
        axis: { title: 'time since the start of the episode (s)' },
      },
      x2: { field: 'to' },
      color: {
        field: 'cause', type: 'nominal', sort: domain,
        scale: { domain, range: domain.map((_, index) => hues[index] ?? colours.grey) },
        legend: {
          title: null, orient: 'top', direction: 'horizontal', columns: 3, labelLimit: 260,
        },
      },
      description: { field: 'tooltip' },
    },
  };
}

function tableOf(drawn: readonly Walked[]): ChartTable {
  const rows = drawn.flatMap(({ number, label, path: { stretches, halved, halvedBetween } }) =>
    stretches.map(({ cause, setting, seconds }) => ({
      key: keyOfEpisode(number),
      cells: [
        label, causeWords(cause), setting ?? '–', words.duration(seconds),
        words.between(halved[setting ?? ''] ?? null, halvedBetween?.[setting ?? ''] ?? null),
      ],
    })));
  return {
    note: 'Half saves: by how much the episode would be shorter with half of that setting; in ' +
      'the mean, and at least and at most, where it is not determined.',
    head: ['episode', 'waited for', 'setting', 'took', 'half saves'],
    rows: rows.map(({ cells }) => cells),
    keys: rows.map(({ key }) => key),
    textColumns: [0, 1, 2],
    file: 'stories.json',
  };
}
