/** Runs within a copy of the program, in a process of its own: seed after seed, until one fails. */
import { readFileSync } from 'node:fs';
import type { Failure } from '../../campaign/explore/failure.js';
import { Coverage, type Reached } from './coverage.js';

/** Which faults are drawn, and whether settings are too. */
export interface Hunt {
  /** Of scenarios/. */
  readonly scenario: string;
  readonly settings: 'given' | 'drawn';
}

export interface Seeds extends Hunt {
  readonly seeds: readonly number[];
}

export interface Tried extends Hunt {
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
  const { tryOut } = await import('../../campaign/explore/trial.js');
  const { baseOf, Planner } = await import('../../campaign/explore/planner.js');
  const { loadPlugins } = await import('../../campaign/plugins.js');
  const { loadScenario } = await import('../../checker/scenario.js');
  const { registry } = await loadPlugins([]);
  for (const { scenario, settings, seeds } of all) {
    const file = `scenarios/${scenario}`;
    const open = settings === 'given' ? null : { text: readFileSync(file, 'utf8'), file, set: [] };
    const planner = new Planner(baseOf(loadScenario(file), open, []), registry);
    tell({ scenario, settings, seed: loading, failure: null, digest: null });
    for (const seed of seeds) {
      const { failure, digest } = await tryOut(planner.of(seed).scenario);
      tell({ scenario, settings, seed, failure, digest });
      if (failure !== null && !isSurvey) return;
    }
  }
}
