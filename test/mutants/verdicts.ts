/** What was thought of the mutants that survived: verdicts.json, by the id of the mutant. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Verdict {
  /**
   * equivalent: no run can differ in what anyone is promised. unreached: nothing came to it, or not
   * in a state in which it matters. weak judge: it did harm, and nobody saw it.
   */
  readonly verdict: 'equivalent' | 'unreached' | 'weak judge';
  readonly why: string;
}

const file = fileURLToPath(new URL('../../../test/mutants/verdicts.json', import.meta.url));

export function verdicts(): ReadonlyMap<string, Verdict> {
  return new Map(Object.entries(
    JSON.parse(readFileSync(file, 'utf8')) as Record<string, Verdict>,
  ));
}
