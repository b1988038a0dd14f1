import fc from 'fast-check';
import type { Test } from 'tap';

/**
 * Asserts a property, so that tap counts it and shows the counterexample with its seed. The same
 * cases in every run, unless FC_SEED says otherwise; FC_TIMES as many on demand.
 */
export function holds<T>(t: Test, property: fc.IProperty<T>, numRuns = 100): void {
  const seed = Number(process.env['FC_SEED'] ?? 1);
  const times = Number(process.env['FC_TIMES'] ?? 1);
  const details = fc.check(property, { seed, numRuns: numRuns * times });
  if (!details.failed) {
    t.pass(`in ${details.numRuns} cases`);
    return;
  }
  const { errorInstance } = details;
  const cause = errorInstance instanceof Error ? errorInstance.stack : '';
  t.fail(`${fc.defaultReportMessage(details)}\n${cause}`);
}
