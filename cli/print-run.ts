import { answer } from './answer.js';
import type { OutputArguments } from './options.js';
import type { RecordedRun } from './record-run.js';
import { summaryText } from './summary.js';
import { exitCodeOf } from './verdict.js';

/** Tells how a run went, and sets the exit code accordingly. */
export function printRun(
  recorded: RecordedRun, how: OutputArguments & { readonly report: string | null },
): void {
  const { record, directory, written } = recorded;
  const { interrupted, summary } = record;
  const { report } = how;
  answer(how, () => ({ ...summary, directory, written, interrupted, report }),
    () => summaryText(recorded, report));
  process.exitCode = exitCodeOf(record);
}
