/** The report of one run as a single page that needs nothing else. */
import type { EpisodeRow, FaultRow } from '../tables/index.js';
import type { StoredRun } from '../run-directory.js';
import { heldInWords, sidesInWords } from '../measures/brakes.js';
import { promiseText } from '../promise-words.js';
import { isVoid, lateBy, type Judged } from '../verdict.js';
import { causeWords, type Summary } from '../measures/index.js';
import * as words from '../words.js';
import { phases } from './anatomy-chart.js';
import type { Configuration } from './configuration.js';
import { drawnEpisodes } from './episode-labels.js';
import { choicesOf, keyOfEpisode } from './linked/index.js';
import { markup, type Content, type Markup } from './markup.js';
import {
  figure, footer, header, mostRows, page, table, tiles, type DrawnChart,
} from './page.js';

const mostStories = 60;

export function reportHtml(
  run: StoredRun,
  configuration: Configuration,
  charts: readonly DrawnChart[],
): string {
  const { summary } = run;
  const body = [
    head(run, configuration.description),
    keyNumbers(summary),
    warnings(run),
    storySection(run),
    brakeSection(summary),
    choicesOf([{
      title: 'the episode', values: drawnEpisodes(run.episodes).map(({ number, label }) =>
        ({ key: keyOfEpisode(number), label })),
    }]),
    charts.map((one) => figure(one, run.manifest.command)),
    pathTable(summary),
    episodeTable(run.episodes),
    faultTable(run.faults),
    measureTable(summary),
    messageTable(run),
    configurationTable(configuration),
    foot(run),
  ];
  return page(`${summary.scenario} · seed ${summary.seed} · Howdah`, body);
}

/** What the run came to, in a few words; good where it ended with 0. */
export function verdict(run: Judged): { good: boolean; text: string } {
  const { invariants, final, recovery } = run.summary;
  const broken = invariants.broken.map(({ name }) => name);
  if (broken.length > 0) return { good: false, text: `Invariant broken: ${words.list(broken)}` };
  if (isVoid(run)) {
    return { good: false, text: 'Void as to times and health; what is safe was judged, and held' };
  }
  const late = lateBy(run);
  if (late !== null) {
    const by = words.duration(late);
    return { good: false, text: `Not healthy when the run ended, ${by} past its bound` };
  }
  const held = promiseText(run.summary);
  if (!final.healthy) return { good: true, text: `${held}; not yet healthy when the run ended` };
  const open = recovery.censored > 0 ? ', one episode still open' : '';
  return { good: true, text: `${held}; healthy at the end${open}` };
}

function head(run: StoredRun, description: string): Markup {
  const { summary, manifest } = run;
  return header({
    kicker: 'Howdah run report',
    aside: manifest.interrupted ? 'interrupted' : '',
    title: summary.scenario,
    description,
    verdict: verdict(run),
    facts: [
      ['seed', String(summary.seed)],
      ['simulated', words.duration(summary.simulatedSeconds)],
      ['warm-up left out', words.duration(summary.warmUpSeconds)],
      ['digest', summary.digest === null ? 'none (live run)' : summary.digest],
    ],
  });
}

function keyNumbers(summary: Summary): Markup {
  const { availability, recovery, detection, elections, repair, messages, staleness } = summary;
  const seconds = summary.simulatedSeconds - summary.warmUpSeconds;
  const episodes = words.some(recovery.episodes, 'episode');
  const settleNote =
    recovery.episodes === 0
      ? 'no episode'
      : recovery.maxSettleShare === null
        ? `${episodes}, no bound is promised`
        : `${episodes}, at most ${words.share(recovery.maxSettleShare)} of its bound`;
  return tiles([
    [optional(availability.managedShare, words.share), 'resources managed', 'mean over time'],
    [
      optional(recovery.settle.max, words.duration),
      'longest settling',
      settleNote,
    ],
    [
      optional(detection.seconds.mean, words.duration),
      'to notice a crash, mean',
      `${words.count(detection.count)} noticed, ${detection.missed} missed, ` +
        `${detection.falsePositives} false, ${detection.pending} not yet noticed`,
    ],
    [
      optional(elections.seconds.mean, words.duration),
      'to replace a coordinator, mean',
      `${words.some(elections.count, 'election')}, ` +
        words.some(elections.roleChanges, 'role change'),
    ],
    [
      optional(repair.seconds.mean, words.duration),
      'to repair a resource, mean',
      `${words.count(repair.count)} repaired, ${repair.unrepaired} not`,
    ],
    [
      seconds > 0 ? `${words.quantity(messages.sent / seconds)}/s` : '–',
      'messages',
      `${words.count(messages.sent)}, ${words.bytes(messages.bytes)} in all`,
    ],
    [
      optional(staleness.whileHealthy.max, words.duration),
      'staleness of the model while healthy, at most',
      staleness.boundSeconds === null
        ? 'no bound is promised'
        : `${words.duration(staleness.boundSeconds)} promised; ` +
          `${optional(staleness.seconds.max, words.duration)} at most over all`,
    ],
    [
      words.count(summary.faults.injected),
      'faults injected',
      words.list(
        Object.entries(summary.faults.byKind).map(([kind, number]) => `${number} ${kind}`),
      ) || 'none',
    ],
  ]);
}

function warnings({ summary }: StoredRun): Markup[] {
  // Of a run of an older version nothing is known of the kind.
  const told = (summary as Partial<Summary>).warnings ?? [];
  const remarks = told.length === 0 ? []
    : [markup`<section class="remarks"><h2>Warnings</h2>${bullets(told)}</section>`];
  return [...brokenInvariants(summary), ...remarks];
}

function bullets(texts: readonly Content[]): Markup {
  return markup`<ul>${texts.map((text) => markup`<li>${text}</li>`)}</ul>`;
}

function brokenInvariants(summary: Summary): Markup[] {
  const broken = summary.invariants.broken.map(({ name, seconds, detail }) =>
    markup`<b>${name}</b> broke at ${words.instant(seconds)}: ${detail}`);
  return broken.length === 0 ? []
    : [markup`<section class="alarm"><h2>Broken invariants</h2>${bullets(broken)}</section>`];
}

function storySection({ stories }: StoredRun): Markup {
  if (stories.length === 0) {
    const calm = 'The management plane was healthy all along.';
    return markup`<section><h2>What happened</h2><p>${calm}</p></section>`;
  }
  const shown = stories.slice(0, mostStories);
  const left = stories.length - shown.length;
  const rest = left > 0 && markup`<p class="more">${words.count(left)} more in stories.json.</p>`;
  const items = shown.map(({ text }) => markup`<li>${text}</li>`);
  return markup`<section><h2>What happened</h2><ol class="stories">${items}</ol>${rest}</section>`;
}

function brakeSection({ rules }: Summary): Content {
  const { brakes } = rules;
  if (brakes === undefined) return null;
  const { gaveUp, resumed, fights } = brakes;
  const facts = [
    heldInWords(brakes),
    gaveUp > 0 ? `rules gave up ${words.some(gaveUp, 'time')}` : '',
    resumed > 0 ? `and took up again ${words.some(resumed, 'time')}` : '',
    fights > 0 ? `rules undid each other ${words.some(fights, 'time')}` : '',
    sidesInWords(brakes),
  ].filter((fact) => fact !== '');
  return markup`<section class="remarks"><h2>Brakes</h2><p>${facts.join('; ')}</p>${
    brakes.told.length > 0 && bullets(brakes.told)}</section>`;
}

function pathTable({ recovery }: Summary): Content {
  // Runs of earlier versions have none.
  const criticalPath = (recovery as Partial<Summary['recovery']>).criticalPath ?? [];
  if (criticalPath.length === 0) return null;
  return table(
    'What recoveries waited for',
    'Back from the end of each episode to its fault, every stretch by the setting that decides ' +
      'it; and what half of a setting would save, of the episodes of which it can be told: in ' +
      'the mean, and at least and at most where it is not determined.',
    ['waited for', 'setting', 'in all', 'share', 'half saves', 'and costs, messages per second'],
    criticalPath.map(({ cause, setting, seconds, share, ...half }) => [
      causeWords(cause), setting ?? '–', words.duration(seconds), words.share(share),
      words.between(half.saves ?? null, half.savesBetween ?? null),
      optional(half.costs ?? null, words.quantity),
    ]),
    [0, 1],
    criticalPath.length,
    'summary.json',
  );
}

function episodeTable(episodes: readonly EpisodeRow[]): Content {
  if (episodes.length === 0) return null;
  const after = (row: EpisodeRow, at: number | null): string =>
    at === null ? '–' : words.duration(Math.max(0, at - row.start_s));
  const rows = episodes.slice(0, mostRows).map((row, index) => [
    String(index + 1),
    words.instant(row.start_s),
    row.cause,
    ...phases.slice(0, 4).map(({ end }) => after(row, end(row))),
    row.censored ? 'open' : optional(row.duration_s, words.duration),
    optional(row.settle_s, words.duration),
    optional(row.bound_s, words.duration),
    words.count(row.extra_messages),
  ]);
  const head = ['#', 'began at', 'cause', 'noticed', 'elected', 'managed', 'model', 'over'];
  return table(
    'Recovery episodes',
    'Noticed to over: since the episode began. Settled: since its last fault.',
    [...head, 'settled', 'bound', 'extra messages'],
    rows,
    [1, 2],
    episodes.length,
    'episodes.csv',
    rows.map((_, index) => keyOfEpisode(index + 1)),
  );
}

function faultTable(faults: readonly FaultRow[]): Content {
  if (faults.length === 0) return null;
  const management = faults.filter(({ scope }) => scope === 'management');
  const shown = management.length > 0 ? management : faults;
  const rows = shown.slice(0, mostRows).map((row) => [
    words.instant(row.time_s),
    row.kind,
    row.target,
    optional(row.cleared_s, words.instant),
    since(row.time_s, row.detected_s),
    since(row.time_s, row.recovered_s),
  ]);
  return table(
    management.length > 0 ? 'Faults of managers and links' : 'Faults',
    'Noticed and recovered: since the fault began.',
    ['at', 'kind', 'target', 'over at', 'noticed', 'recovered'],
    rows,
    [0, 1, 2],
    shown.length,
    'faults.csv',
  );
}

function measureTable(summary: Summary): Markup {
  const { detection, elections, recovery, repair, staleness } = summary;
  const line = (name: string, number: number | string, seconds: Summary['repair']['seconds']) => [
    name,
    typeof number === 'number' ? words.count(number) : number,
    ...([seconds.mean, seconds.p50, seconds.p95, seconds.p99, seconds.max] as const).map((value) =>
      optional(value, words.duration),
    ),
  ];
  const { resource, manager, coordinator } = detection.byTarget;
  const rows = [
    line('noticing a crash of a resource', resource.count, resource.seconds),
    line('noticing a crash of a manager', manager.count, manager.seconds),
    line('noticing a crash of the coordinator', coordinator.count, coordinator.seconds),
    line('election', elections.count, elections.seconds),
    line('settling of an episode', recovery.episodes - recovery.censored, recovery.settle),
    line('whole episode', recovery.episodes - recovery.censored, recovery.seconds),
    line('recovery from one fault', recovery.perFault.count, recovery.perFault),
    line('repair of a resource', repair.count, repair.seconds),
    line('staleness of the model', 'over time', staleness.seconds),
    line('staleness while healthy', 'over time', staleness.whileHealthy),
  ];
  const head = ['measure', 'count', 'mean', 'p50', 'p95', 'p99', 'max'];
  return table('Times', 'Nearest-rank quantiles.', head, rows, [0], rows.length, 'summary.json');
}

function messageTable({ messages, summary }: StoredRun): Markup {
  const rows = messages
    .filter(({ sent }) => sent > 0)
    .sort((a, b) => b.sent - a.sent)
    .map((row) => [
      row.type,
      row.periodic ? 'by the clock' : 'on change',
      words.count(row.sent),
      words.count(row.dropped),
      words.bytes(row.bytes),
      optional(row.per_second, words.quantity),
    ]);
  const note = `${words.count(summary.messages.dropped)} of ${words.count(
    summary.messages.sent,
  )} messages were dropped. Steady: outside of episodes.`;
  const head = ['type', 'sent', 'number', 'dropped', 'bytes', 'per second, steady'];
  return table('Messages', note, head, rows, [0, 1], rows.length, 'messages.csv');
}

function configurationTable({ settings }: Configuration): Markup {
  return table(
    'Configuration', 'The settings in force, given or by default; faults, rules and kinds are in',
    ['setting', 'value'], settings, [0, 1], settings.length, 'scenario.yaml',
  );
}

function foot({ manifest, summary }: StoredRun): Markup {
  return footer('This run again', manifest.command, [
    `Howdah ${manifest.version}`,
    `Node ${manifest.node}`,
    manifest.platform,
    `${words.duration(manifest.wallSeconds)} of wall time`,
    `${words.bytes(manifest.peakMemoryBytes)} of memory`,
    `${words.count(summary.events)} events`,
  ]);
}

function optional<Value>(value: Value | null, told: (value: Value) => string): string {
  return value === null ? '–' : told(value);
}

function since(start: number, at: number | null): string {
  return at === null ? '–' : words.duration(Math.max(0, at - start));
}
