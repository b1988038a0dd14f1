import pc from '../colors.js';
import { count, instant, share, some } from '../../analysis/words.js';
import { exit } from '../exit.js';
import { interruptedCode } from '../interruption.js';
import { plainTable, tableText, wrapped } from '../text.js';
import type { Exploration } from './explore.js';
import type { Kept } from './keep.js';

/** Tells what was found, what was tried and what never happened, and sets the exit code. */
export function printExploration(
  explored: Exploration,
  kept: Kept | null,
  how: { readonly json: boolean; readonly quiet: boolean },
): void {
  const { found, interrupted } = explored;
  if (how.json) {
    const { scenario: _, ...what } = found ?? { scenario: null };
    const directory = kept?.directory ?? null;
    console.log(JSON.stringify({ ...explored, found: found && { ...what, directory } }, null, 2));
  } else if (!how.quiet) {
    console.log(text(explored, kept));
  }
  process.exitCode = found !== null ? exit.broken : interrupted ? interruptedCode() : exit.ok;
}

function text(explored: Exploration, kept: Kept | null): string {
  const { tried, faults, events, found, interrupted, maxSettleShare } = explored;
  const lines = [
    `${some(tried, 'seed')} tried, with ${count(faults)} faults and ${count(events)} events.`,
  ];
  if (interrupted) lines.push(pc.yellow('Interrupted: this is what was done until then.'));
  lines.push('', tableText(drawnTable(explored)), '', tableText(marksTable(explored)), '');
  if (found === null) {
    lines.push(
      pc.green('No promise was broken.') +
        ` To settle took at most ${share(maxSettleShare)} of the time promised.`,
    );
    return lines.join('\n');
  }
  const { seed, failure } = found;
  const { invariant, explanation, timeS } = failure;
  const when = ` at ${instant(timeS)}`;
  lines.push(pc.red(wrapped(`Seed ${seed} breaks ${invariant}${when}: ${explanation}`)), '');
  if (kept !== null) {
    lines.push(`Kept           ${kept.directory}`, `Make it small  sim shrink ${kept.directory}`);
  }
  return lines.join('\n');
}

function drawnTable({ drawn }: Exploration): ReturnType<typeof plainTable> {
  const table = plainTable(['drawn', 'faults', 'seeds'], 1);
  for (const [kind, { faults, seeds }] of Object.entries(drawn)) {
    table.push([kind, count(faults), count(seeds)]);
  }
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
