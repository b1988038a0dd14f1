import fc from 'fast-check';
import type { Test } from 'tap';

/** Asserts a property, so that tap counts it and shows the counterexample with its seed. */
export function holds<T>(t: Test, property: fc.IProperty<T>, numRuns = 100): void {
  const details = fc.check(property, { numRuns });
  if (!details.failed) {
    t.pass(`in ${details.numRuns} cases`);
    return;
  }
  const { errorInstance } = details;
  const cause = errorInstance instanceof Error ? errorInstance.stack : '';
  t.fail(`${fc.defaultReportMessage(details)}\n${cause}`);
}
