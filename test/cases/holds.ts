/** A case whose every promise is to hold, whatever the seed and the queue. */
import t from 'tap';
import { tryOut } from '../../cli/explore/trial.js';
import { loadScenario } from '../../experiment/scenario/index.js';

/** Its own seed and so many more; the first with the other queue too. */
export function holds(name: string, seeds: number): void {
  const file = `test/cases/${name}.yaml`;
  const own = loadScenario(file).seed;
  for (const seed of [own, ...Array.from({ length: seeds }, (_, index) => index + 1)]) {
    for (const queue of seed === own ? ['wheel', 'heap'] : ['wheel']) {
      void t.test(`${name}, seed ${seed}, ${queue}`, async (t) => {
        const scenario = loadScenario(file, { seed, set: [`engine.queue=${queue}`] });
        t.equal((await tryOut(scenario)).failure, null);
      });
    }
  }
}
