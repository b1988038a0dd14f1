import { answer } from '../answer.js';
import pc from '../colors.js';
import { count, instant, share, some } from '../../analysis/words.js';
import { exit, type ExitCode } from '../exit.js';
import { interruptedCode } from '../interruption.js';
import type { OutputArguments } from '../options.js';
import { plainTable, tableText, wrapped } from '../text.js';
import type { Exploration, Found } from '../../campaign/explore/explore.js';
import type { Kept } from '../../campaign/explore/keep.js';

export interface KeptFind {
  readonly find: Found;
  readonly kept: Kept;
}

/** Tells what was found, what was tried and what never happened, and sets the exit code. */
export function printExploration(
  explored: Exploration, kept: readonly KeptFind[], how: OutputArguments,
): void {
  const finds = kept.map(({ find: { seed, failure, cause, seeds }, kept: { directory } }) => {
    return { seed, failure, cause, seeds, directory };
  });
  answer(how, () => ({ ...explored, found: finds[0] ?? null, finds }), () => text(explored, kept));
  process.exitCode = exitCodeOf(explored);
}

function exitCodeOf({ found, crashed, interrupted }: Exploration): ExitCode {
  if (crashed.length > 0) return exit.defect;
  if (found !== null) return exit.broken;
  return interrupted ? interruptedCode() : exit.ok;
}

function text(explored: Exploration, kept: readonly KeptFind[]): string {
  const { tried, faults, events, crashed, interrupted, outOfTime, maxSettleShare } = explored;
  const lines = [
    `${some(tried, 'seed')} tried, with ${count(faults)} faults and ${count(events)} events.`,
  ];
  if (interrupted) lines.push(pc.yellow('Interrupted: this is what was done until then.'));
  if (outOfTime) lines.push('The time is over: this is what was done in it.');
  if (tried === 0 && crashed.length === 0) return lines.join('\n');
  lines.push('', tableText(drawnTable(explored)), '');
  if (Object.keys(explored.settings).length > 0) {
    lines.push(tableText(settingsTable(explored)), '');
  }
  lines.push(tableText(marksTable(explored)), '', ...unseen(explored), ...timeOf(explored), '');
  for (const { seed, reason } of crashed) lines.push(pc.red(`Seed ${seed} did not end: ${reason}`));
  if (kept.length === 0) {
    const settled = maxSettleShare === null ? 'No time to settle was promised.'
      : `To settle took at most ${share(maxSettleShare)} of the time promised.`;
    lines.push(`${pc.green('No promise was broken.')} ${settled}`);
  }
  for (const [index, find] of kept.entries()) {
    lines.push(...(index > 0 ? [''] : []), ...findText(find));
  }
  return lines.join('\n');
}

function findText({ find: { seed, seeds, failure }, kept: { directory } }: KeptFind): string[] {
  const { invariant, explanation, timeS } = failure;
  const when = ` at ${instant(timeS)}`;
  const more = seeds > 1 ? [`Seen in        ${some(seeds, 'seed')}`] : [];
  return [
    pc.red(wrapped(`Seed ${seed} breaks ${invariant}${when}: ${explanation}`)), '', ...more,
    `Kept           ${directory}`, `Make it small  sim shrink ${directory}`,
  ];
}

function drawnTable({ drawn }: Exploration): ReturnType<typeof plainTable> {
  const table = plainTable(['drawn', 'faults', 'seeds'], 1);
  for (const [kind, { faults, seeds }] of Object.entries(drawn)) {
    table.push([kind, count(faults), count(seeds)]);
  }
  return table;
}

function settingsTable({ settings }: Exploration): ReturnType<typeof plainTable> {
  const table = plainTable(['setting', 'seeds'], 1);
  for (const [setting, seeds] of Object.entries(settings)) table.push([setting, count(seeds)]);
  return table;
}

/** The most frequent first, what was never reached last. */
function marksTable({ marks }: Exploration): ReturnType<typeof plainTable> {
  const table = plainTable(['situation', 'times', 'seeds'], 1);
  for (const [name, { times, seeds }] of Object.entries(marks).sort(([, a], [, b]) => {
    return b.seeds - a.seeds;
  })) {
    table.push(times === 0
      ? [pc.yellow(name), pc.yellow('never'), ''] : [name, count(times), count(seeds)]);
  }
  return table;
}

function unseen({ coverage: { situations, saturation, chanceOfNew } }: Exploration): string[] {
  const curve = saturation.map((at) => `${count(at.situations)} by ${count(at.seeds)}`).join(', ');
  return [
    wrapped(`${some(situations, 'situation')}, pairs and settings included: ${curve} seeds.`),
    `The next seed comes to a new one with a chance of about ${share(chanceOfNew)}.`,
  ];
}

function timeOf({ time }: Exploration): string[] {
  const { cpuSeconds, drawing, simulating, judging, slowest } = time;
  const parts = `drawing ${share(drawing)}, simulating ${share(simulating)}, judging ` +
    `${share(judging)}`;
  const most = slowest.map(({ seed, seconds }) => `${seed} (${seconds.toFixed(2)} s)`).join(', ');
  return [wrapped(`${cpuSeconds.toFixed(1)} s of processor time: ${parts}; most: seeds ${most}.`)];
}
