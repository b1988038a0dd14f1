/** Runs within a copy of the program, in a process of its own: seed after seed, until one fails. */
import { tryOut, type Failure } from '../../cli/explore/trial.js';
import { explorationOf } from '../../experiment/exploration/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../experiment/scenario/index.js';

export interface Seeds {
  /** Of scenarios/. */
  readonly scenario: string;
  readonly seeds: readonly number[];
}

export interface Tried {
  readonly scenario: string;
  readonly seed: number;
  readonly failure: Failure | null;
  readonly digest: string | null;
}

/** Absent where this is only read for its types. */
const task = process.argv[2];
if (process.send !== undefined && task !== undefined) {
  const { all, goOn } = JSON.parse(task) as { all: readonly Seeds[]; goOn: boolean };
  await tryAll(all, goOn);
  process.disconnect();
}

async function tryAll(all: readonly Seeds[], goOn: boolean): Promise<void> {
  for (const { scenario, seeds } of all) {
    const base = loadScenario(`scenarios/${scenario}`);
    const inventory = buildInventory(base);
    for (const seed of seeds) {
      const { failure, digest } = await tryOut(explorationOf(base, inventory, seed).scenario);
      const tried: Tried = { scenario, seed, failure, digest };
      process.send!(tried);
      if (failure !== null && !goOn) return;
    }
  }
}
