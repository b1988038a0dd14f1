import { instant, some } from '../../analysis/words.js';
import { faultsYaml, type ResolvedScenario } from '../../experiment/scenario/index.js';
import { answer } from '../answer.js';
import pc from '../colors.js';
import { exit } from '../exit.js';
import { interruptedCode } from '../interruption.js';
import type { OutputArguments } from '../options.js';
import { wrapped } from '../text.js';
import { sizeOf, type ShrunkRun } from '../../campaign/explore/shrink-run.js';

/** Shows what is left of the run, and sets the exit code. */
export function printShrunk(shrunk: ShrunkRun, how: OutputArguments): void {
  const { before, after, failure, tried, kept: { directory }, interrupted } = shrunk;
  const faults = { before: before.faults.length, after: after.faults.length };
  answer(how, () => ({ failure, faults, tried, directory, interrupted }), () => text(shrunk));
  process.exitCode = interrupted ? interruptedCode() : exit.broken;
}

function text({ before, after, failure, tried, kept, interrupted }: ShrunkRun): string {
  const { invariant, explanation, timeS } = failure;
  const when = ` at ${instant(timeS)}`;
  const lines = [
    `From ${sizeOf(before)}`,
    `to   ${sizeOf(after)}, in ${some(tried, 'run')}; ${minimal(after)}.`,
    '',
    faultsYaml(after).trimEnd(),
    '',
    pc.red(wrapped(`Breaks ${invariant}${when}: ${explanation}`)),
    '',
    `Kept      ${kept.directory}`,
    `Again     sim run ${kept.directory}/scenario.yaml`,
  ];
  if (interrupted) lines.push(pc.yellow('Interrupted: it may become smaller still.'));
  if (kept.whole) {
    lines.push(
      `Story     ${kept.directory}/story.md, drawn in space-time.svg`,
      `Report    sim report ${kept.directory}`,
    );
  }
  return lines.join('\n');
}

function minimal({ faults }: ResolvedScenario): string {
  if (faults.length === 0) return 'it takes no fault at all';
  return faults.length === 1 ? 'without the fault it holds' : 'without any one of them it holds';
}
