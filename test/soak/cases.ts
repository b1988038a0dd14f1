/** The cases of test/cases, each with many seeds and both queues. */
import { loadScenario } from '../../checker/scenario.js';
import { cases as all, deafPairs, type Case } from '../cases/assertions.js';
import type { Check, Finding } from './check.js';

export const cases: Check = async (scale, progress) => {
  const seeds = scale === 'long' ? 50 : 2;
  const findings: Finding[] = [];
  for (const one of all) {
    progress(one.what);
    findings.push(await tried(one, seeds));
  }
  for (const one of deafPairs) {
    progress(one.what);
    findings.push(await tried(one, Math.ceil(seeds / 10)));
  }
  return findings;
};

/** With its own seed, and so many more. */
async function tried({ what, file, set, flaw }: Case, seeds: number): Promise<Finding> {
  const own = loadScenario(file, { set }).seed;
  const wrong: string[] = [];
  for (const seed of new Set([own, ...Array.from({ length: seeds }, (_, index) => index + 1)])) {
    for (const queue of ['wheel', 'heap']) {
      const scenario = loadScenario(file, { seed, set: [...set, `engine.queue=${queue}`] });
      const words = await flaw(scenario);
      if (words !== null) wrong.push(`seed ${seed}, ${queue}: ${words}`);
    }
  }
  return {
    what: `${what}, ${seeds} seeds on both queues`,
    measured: wrong.length === 0 ? 'right' : `${wrong.length} wrong; ${wrong[0]}`,
    wanted: 'right',
    ok: wrong.length === 0,
  };
}
