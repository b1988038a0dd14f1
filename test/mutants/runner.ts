/** Runs within a copy of the program, in a process of its own: seed after seed, until one fails. */
import type { Failure } from '../../cli/explore/failure.js';
import { Coverage, type Reached } from './coverage.js';

export interface Seeds {
  /** Of scenarios/. */
  readonly scenario: string;
  readonly seeds: readonly number[];
}

export interface Tried {
  readonly scenario: string;
  /** {@link loading}: what is done before the first. */
  readonly seed: number;
  readonly failure: Failure | null;
  readonly digest: string | null;
  /** Null: nobody wants to know. */
  readonly reached: Reached | null;
}

export interface Task {
  readonly all: readonly Seeds[];
  /** Past seeds that fail, and telling what code each came to. */
  readonly isSurvey: boolean;
}

export const loading = 0;

/** Absent where this is only read for its types. */
const task = process.argv[2];
if (process.send !== undefined && task !== undefined) {
  // Nobody listens any more.
  process.on('disconnect', () => process.exit());
  await tryAll(JSON.parse(task) as Task);
  process.disconnect();
}

async function tryAll({ all, isSurvey }: Task): Promise<void> {
  const coverage = isSurvey ? new Coverage() : null;
  const tell = (tried: Omit<Tried, 'reached'>): void => {
    process.send!({ ...tried, reached: coverage?.take() ?? null } satisfies Tried);
  };
  // Not before the coverage is taken: what they do when they are loaded counts as well.
  const { tryOut } = await import('../../cli/explore/trial.js');
  const { explorationOf } = await import('../../experiment/exploration/index.js');
  const { buildInventory } = await import('../../experiment/inventory.js');
  const { loadScenario } = await import('../../experiment/scenario/index.js');
  for (const { scenario, seeds } of all) {
    const base = loadScenario(`scenarios/${scenario}`);
    const inventory = buildInventory(base);
    tell({ scenario, seed: loading, failure: null, digest: null });
    for (const seed of seeds) {
      const { failure, digest } = await tryOut(explorationOf(base, inventory, seed).scenario);
      tell({ scenario, seed, failure, digest });
      if (failure !== null && !isSurvey) return;
    }
  }
}
