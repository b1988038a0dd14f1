/** What a person wants to know of a run, as text. */
import pc from './colors.js';
import type {
  MessageRow,
  RunRecord,
  Statistics,
  Summary,
  TraceReplay,
} from '../analysis/index.js';
import { heldInWords, sidesInWords } from '../analysis/measures/brakes.js';
import { causeWords } from '../analysis/measures/way-back.js';
import { bytes, count, duration, instant, list, quantity, share, some } from '../analysis/words.js';
import { promiseText } from '../analysis/promise-words.js';
import type { RecordedRun } from './record-run.js';
import { plainTable, tableText, wrapped } from './text.js';
import { isVoid, lateBy } from '../analysis/verdict.js';

/** Episodes and message types told; the rest is in the run directory. */
const MOST_STORIES = 12;
const MOST_TYPES = 10;

/** @param report - where it was drawn, if it was */
export function summaryText(recorded: RecordedRun, report: string | null): string {
  const { record, directory, written, wallSeconds } = recorded;
  const { summary } = record;
  return [
    heading(summary, wallSeconds),
    '',
    ...verdict(record),
    '',
    ...stories(record),
    timesTable(summary),
    '',
    messagesTable(record.messages),
    ...overlayLine(summary.overlay),
    '',
    ...(written
      ? [`Run directory  ${directory}`, `Report         ${report ?? `sim report ${directory}`}`]
      : [`Not written: ${directory} already holds this run, and whole.`]),
  ].join('\n');
}

function heading(summary: Summary, wallSeconds: number): string {
  const { scenario, seed, simulatedSeconds, events } = summary;
  const rate = quantity(events / Math.max(wallSeconds, 0.001));
  return (
    `${pc.bold(scenario)}, seed ${seed}: ${instant(simulatedSeconds)} in ` +
    `${duration(wallSeconds)}, ${count(events)} events (${rate} per second)`
  );
}

function verdict(record: RunRecord): string[] {
  const { final, invariants, recovery, rules, moves, availability, faults, warnings } =
    record.summary;
  const { detection, elections } = record.summary;
  const lines: string[] = [];
  if (record.interrupted) lines.push(pc.yellow('Interrupted: this is what was done until then.'));
  const counts =
    `${some(final.coordinators, 'coordinator')}, ${some(final.managers, 'live manager')}, ` +
    `${some(final.resources, 'live resource')}, ${count(final.unmanaged)} of them unmanaged`;
  // Of a void run nobody can tell whether it was healthy, or would have been.
  if (isVoid(record)) lines.push(pc.yellow(`Void as to times and health; at the end: ${counts}.`));
  else if (final.healthy) lines.push(pc.green(`Healthy at the end: ${counts}.`));
  else lines.push(pc.red(`Not healthy at the end: ${counts}.`));
  lines.push(...liveLines(record.summary));
  const late = lateBy(record);
  if (late !== null) lines.push(pc.red(`It should have been ${duration(late)} before.`));
  lines.push(recoveryLine(recovery), ...pathLines(recovery));
  for (const { name, seconds, detail } of invariants.broken) {
    lines.push(pc.red(`Broken at ${instant(seconds)}: ${name}. ${detail}`));
  }
  if (invariants.broken.length === 0) lines.push(`${promiseText(record.summary)}.`);
  for (const warning of warnings) lines.push(pc.yellow(wrapped(`warning: ${warning}`)));
  const { managedShare, resourcesUpShare } = availability;
  if (managedShare !== null && resourcesUpShare !== null) {
    const [managed, up] = [share(managedShare), share(resourcesUpShare)];
    lines.push(`On average ${managed} of the live resources were managed, and ${up} were up.`);
  }
  for (const trace of faults.traces ?? []) lines.push(...replayLines(trace));
  lines.push(...noticedLine(detection, elections));
  if (rules.fired > 0) lines.push(rulesLine(rules));
  if (rules.brakes !== undefined) lines.push(...brakeLines(rules.brakes));
  if (moves.balance + moves.leave > 0) lines.push(movesLine(moves));
  return lines;
}

/** Whether the machine kept up with a live run. */
function liveLines({ live }: Summary): string[] {
  if (live === undefined) return [];
  const { seconds, stalls, computing } = live.lag;
  const p99 = seconds.p99 === null ? 'none fired' : `99% by less than ${duration(seconds.p99)}`;
  const stood = stalls.count === 0
    ? 'no process stood still'
    : `processes stood still ${some(stalls.count, 'time')}, ${duration(stalls.longestSeconds)} ` +
      'at most';
  const busy = computing.count === 0
    ? '' : `, and computed for ${duration(computing.longestSeconds)} on end at most`;
  return [`Timers were late, ${p99}; ${stood}${busy}.`];
}

function recoveryLine(recovery: Summary['recovery']): string {
  const { episodes, censored, settle, boundSeconds, maxSettleShare } = recovery;
  if (episodes === 0) return 'No recovery episode: once up, it was healthy all the time.';
  const open = censored === 0 ? 'all over' : `${count(censored)} still open at the end`;
  const told = `${some(episodes, 'recovery episode')}, ${open}`;
  if (settle.max === null) return `${told}.`;
  let bound = '';
  if (maxSettleShare !== null) bound = `, at most ${share(maxSettleShare)} of the time promised`;
  else if (boundSeconds === null) bound = '; no time is promised';
  return `${told}; to settle took up to ${duration(settle.max)}${bound}.`;
}

/** What took longest first; what is less than a tenth is left out. */
function pathLines({ criticalPath }: Summary['recovery']): string[] {
  const told = criticalPath.filter(({ share: part }) => part >= 0.1).map((one) => {
    const { cause, setting, share: part } = one;
    return `${causeWords(cause)} ${share(part)}${setting === null ? '' : ` (${setting})`}`;
  });
  return told.length === 0 ? [] : [wrapped(`Recoveries waited for: ${list(told, 5)}.`)];
}

function replayLines(trace: TraceReplay): string[] {
  const { outages, failing, injected, skipped, merged, shorterThanDetection: short } = trace;
  const all = injected === outages ? 'all injected' : `${count(injected)} injected`;
  const spared = skipped === 0 ? '' : `, ${count(skipped)} of nodes that were down already`;
  const rows = `${count(merged)} of the file's ${count(trace.rows)} rows merged`;
  const { trace: asked, measured } = trace.downSeconds;
  const { max } = trace.differenceSeconds;
  const apart = max === null ? '' : `; no outage is off by more than ${duration(max)}`;
  return [
    `Replayed ${trace.file}: ${some(outages, 'outage')} of ${count(failing)} among ` +
      `${some(trace.nodes, 'node')} (${rows}), ${all}${spared};`,
    `${count(short)} shorter than detection. Nodes were down for ${duration(asked)} in all by ` +
      `the trace, ${duration(measured)} as measured${apart}.`,
  ].map(wrapped);
}

/** What the table of times does not show: a mean of those that were noticed hides the others. */
function noticedLine(
  { missed, pending, falsePositives, falsePositivesBy }: Summary['detection'],
  { roleChanges }: Summary['elections'],
): string[] {
  const parts: string[] = [];
  if (missed > 0) parts.push(`${count(missed)} over before anybody noticed`);
  if (pending > 0) parts.push(`${count(pending)} not yet noticed at the end`);
  if (falsePositives > 0) {
    const causes = Object.entries(falsePositivesBy).filter(([, number]) => number > 0)
      .map(([cause, number]) => `${count(number)} by ${cause}`);
    parts.push(`${some(falsePositives, 'false alarm')} (${list(causes, 6)})`);
  }
  if (roleChanges > 0) parts.push(`${some(roleChanges, 'change')} of the coordinator's role`);
  return parts.length === 0 ? [] : [`Besides: ${list(parts)}.`];
}

const actionWords = [
  ['succeeded', 'succeeded'], ['failed', 'failed'], ['refused', 'refused'],
  ['unknown', 'unknown'], ['expired', 'expired'], ['dropped', 'dropped'], ['lost', 'lost'],
  ['underWay', 'under way at the end'], ['duplicated', 'duplicated'],
] as const;

function rulesLine({ fired, actions }: Summary['rules']): string {
  const outcomes = actionWords
    .filter(([key]) => actions[key] > 0)
    .map(([key, words]) => `${count(actions[key])} ${words}`);
  const ended = outcomes.length === 0 ? '' : ` (${list(outcomes, 9)})`;
  const started = some(actions.started, 'action');
  return `Rules fired ${count(fired)} times and started ${started}${ended}.`;
}

function brakeLines(brakes: NonNullable<Summary['rules']['brakes']>): string[] {
  const held = heldInWords(brakes);
  const told = [
    ...(held === '' ? [] : [held]),
    ...(brakes.gaveUp > 0 ? [`rules gave up ${some(brakes.gaveUp, 'time')}`] : []),
    ...(brakes.fights > 0 ? [`rules undid each other ${some(brakes.fights, 'time')}`] : []),
    ...[sidesInWords(brakes)].filter((text) => text !== ''),
  ];
  return told.length === 0 ? [] : [pc.yellow(wrapped(`Brakes: ${told.join('; ')}.`))];
}

function movesLine({ balance, leave }: Summary['moves']): string {
  const parts: string[] = [];
  if (balance > 0) parts.push(`${count(balance)} to even out the load`);
  if (leave > 0) parts.push(`${count(leave)} because their manager left`);
  return `${some(balance + leave, 'resource')} changed hands while managed: ${list(parts)}.`;
}

function stories({ stories }: RunRecord): string[] {
  if (stories.length === 0) return [];
  const told = stories.slice(0, MOST_STORIES).map(({ text }) => wrapped(text));
  const left = stories.length - told.length;
  if (left > 0) told.push(`... and ${some(left, 'more episode')}: see stories.json`);
  return [...told, ''];
}

function timesTable(summary: Summary): string {
  const { detection, elections, recovery, leaves, repair, staleness } = summary;
  const table = plainTable(['', 'count', 'mean', 'p50', 'p95', 'p99', 'max', 'bound'], 1);
  const cell = (seconds: number | null): string => (seconds === null ? '-' : duration(seconds));
  const row = (name: string, number: string, of: Statistics, bound: number | null): void => {
    const times = [of.mean, of.p50, of.p95, of.p99, of.max].map(cell);
    table.push([name, number, ...times, bound === null ? '' : duration(bound)]);
  };
  row('detection', count(detection.count), detection.seconds, null);
  row('election', count(elections.count), elections.seconds, null);
  row('recovery', count(recovery.episodes), recovery.seconds, null);
  row('  settle', '', recovery.settle, recovery.boundSeconds);
  row('per fault', count(recovery.perFault.count), recovery.perFault, null);
  if (leaves.count > 0) row('leave', count(leaves.count), leaves.seconds, null);
  row('repair', count(repair.count), repair.seconds, null);
  row('staleness', '', staleness.seconds, null);
  row('  while healthy', '', staleness.whileHealthy, staleness.boundSeconds);
  return tableText(table);
}

function overlayLine({ name, perManagerSecond }: Summary['overlay']): string[] {
  if (perManagerSecond === null) return [];
  const rate = quantity(perManagerSecond);
  return [`Keeping the overlay (${name}) took ${rate} messages per manager and second.`];
}

function messagesTable(messages: readonly MessageRow[]): string {
  const table = plainTable(['message', 'sent', 'dropped', 'bytes', 'steady per second'], 1);
  const row = (name: string, rows: readonly MessageRow[]): void => {
    const sum = (of: (row: MessageRow) => number | null): number =>
      rows.reduce((total, one) => total + (of(one) ?? 0), 0);
    const [sent, dropped] = [sum((one) => one.sent), sum((one) => one.dropped)];
    const steady = quantity(sum((one) => one.per_second));
    table.push([name, count(sent), count(dropped), bytes(sum((one) => one.bytes)), steady]);
  };
  const used = messages.filter(({ sent }) => sent > 0).sort((a, b) => b.sent - a.sent);
  for (const one of used.slice(0, MOST_TYPES)) row(one.type, [one]);
  const rest = used.slice(MOST_TYPES);
  if (rest.length > 0) row(`${rest.length} more types`, rest);
  row('all', used);
  return tableText(table);
}
