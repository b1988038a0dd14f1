/** A run that breaks a promise, made small, run once more and kept. */
import { exportTrace, writeStory } from '../../analysis/index.js';
import { some } from '../../analysis/words.js';
import { buildInventory } from '../../experiment/inventory.js';
import { noPlugins } from '../../checker/plugins.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { InputError } from '../errors.js';
import type { LoadedPlugins } from '../plugins.js';
import type { Failure } from './failure.js';
import { keep, type Kept } from './keep.js';
import { shrink } from './schedules/index.js';
import { breaks, tryOut } from './trial.js';

/** A run that breaks a promise, before and after. */
export interface ShrunkRun {
  readonly before: ResolvedScenario;
  readonly after: ResolvedScenario;
  /** How the small run breaks it. */
  readonly failure: Failure;
  /** How many scenarios were run on the way. */
  readonly tried: number;
  readonly kept: Kept;
  /** True: it could have become smaller still. */
  readonly interrupted: boolean;
}

/**
 * Leaves out of a scenario whatever its broken promise does not need, runs what is left once more
 * and writes it, with its trace and its story in words and pictures, to a run directory.
 *
 * @throws InputError for a run that breaks nothing
 */
export async function shrinkRun(how: {
  readonly scenario: ResolvedScenario;
  readonly plugins?: LoadedPlugins;
  /** The run directory; undefined: `results/SCENARIO-shrunk/ID`. */
  readonly out?: string | undefined;
  /** That makes the small run again: for its manifest. */
  readonly command?: string;
  /** Told of every run: the how manyth it is, and what the smallest so far is like. */
  progress?(tried: number, size: string): void;
  /** Ends it early: the smallest so far is kept. */
  readonly signal?: AbortSignal;
}): Promise<ShrunkRun> {
  const { scenario, plugins, out, command = '', signal } = how;
  const { failure } = await tryOut(scenario);
  if (failure === null) {
    const remedy = 'give a run that does, for example one that sim explore has kept';
    throw new InputError(`${scenario.name}: it breaks no promise (${remedy})`);
  }
  let tried = 0;
  let size = '';
  const shrunk = await shrink(scenario, {
    plugins: plugins?.registry ?? noPlugins,
    breaks: async (candidate) => {
      tried += 1;
      how.progress?.(tried, size);
      if (signal?.aborted === true) return false;
      // Lets a Ctrl-C in.
      await new Promise((resolve) => setImmediate(resolve));
      return breaks(candidate, failure);
    },
    smaller: (smaller) => {
      size = sizeOf(smaller);
      how.progress?.(tried, size);
    },
  });
  const interrupted = signal?.aborted ?? false;
  const after = shrunk.scenario;
  const again = await tryOut(after);
  const kept = await keep(after, {
    suffix: 'shrunk', plugins: plugins?.hash ?? '', out, command,
  });
  if (kept.whole) tell(after, again.failure!, kept.directory);
  return { before: scenario, after, failure: again.failure!, tried, kept, interrupted };
}

/** Beside the run, how it comes about: in words, as a picture, and for other tools. */
function tell(scenario: ResolvedScenario, failure: Failure, directory: string): void {
  const { invariant, explanation, timeS } = failure;
  const inventory = buildInventory(scenario);
  const title = `${scenario.name}: how ${invariant} is broken`;
  const ending = `At ${timeS.toFixed(3)} s this breaks ${invariant}: ${explanation}`;
  writeStory(directory, inventory, { title, ending, untilUs: timeS * 1e6 });
  exportTrace(directory, ['shiviz', 'perfetto'], inventory, title);
}

/** For people. */
export function sizeOf({ faults, system }: ResolvedScenario): string {
  const resources = system.resources.reduce((sum, { count }) => sum + count, 0);
  return [
    some(faults.length, 'fault'), some(system.managers, 'manager'), some(resources, 'resource'),
  ].join(', ');
}
