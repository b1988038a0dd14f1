import type { RecordedRun } from './record-run.js';
import { summaryText } from './summary.js';
import { exitCodeOf } from './verdict.js';

/** Tells how a run went, and sets the exit code accordingly. */
export function printRun(
  recorded: RecordedRun,
  how: { readonly json: boolean; readonly quiet: boolean; readonly report: string | null },
): void {
  const { record, directory, written } = recorded;
  if (how.json) {
    const { interrupted, summary } = record;
    const where = { directory, written, interrupted, report: how.report };
    console.log(JSON.stringify({ ...summary, ...where }, null, 2));
  } else if (!how.quiet) {
    console.log(summaryText(recorded, how.report));
  }
  process.exitCode = exitCodeOf(record);
}
