/** A run that breaks a promise, made small, run once more and kept. */
import { exportTrace, writeStory } from '../../analysis/index.js';
import { shrink } from '../../campaign/explore/schedules/index.js';
import { some } from '../../analysis/words.js';
import type { Registry } from '../../experiment/plugins.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { InputError } from '../exit.js';
import { Interruption } from '../interruption.js';
import { keep, type Kept } from './keep.js';
import type { Failure } from './failure.js';
import { breaks, tryOut } from './trial.js';

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

/** @throws InputError for a run that breaks nothing */
export async function shrinkRun(how: {
  readonly scenario: ResolvedScenario;
  /** Of plugins: their hash, and what they offer. */
  readonly plugins: string;
  readonly registry: Registry;
  readonly out: string | undefined;
  readonly showProgress: boolean;
}): Promise<ShrunkRun> {
  const { scenario, plugins, out } = how;
  const { failure } = await tryOut(scenario);
  if (failure === null) {
    const remedy = 'give a run that does, for example one that sim explore has kept';
    throw new InputError(`${scenario.name}: it breaks no promise (${remedy})`);
  }
  const interruption = new Interruption(() => undefined);
  const visible = how.showProgress && process.stderr.isTTY;
  let tried = 0;
  let size = '';
  const show = (): void => {
    if (visible) process.stderr.write(`\r\x1b[K${tried} runs, now ${size}`);
  };
  const shrunk = await shrink(scenario, {
    plugins: how.registry,
    breaks: async (candidate) => {
      tried += 1;
      show();
      if (interruption.requested) return false;
      // Lets a Ctrl-C in.
      await new Promise((resolve) => setImmediate(resolve));
      return breaks(candidate, failure);
    },
    smaller: (smaller) => {
      size = sizeOf(smaller);
      show();
    },
  });
  if (visible) process.stderr.write('\r\x1b[K');
  const { requested: interrupted } = interruption;
  interruption.end();
  const after = shrunk.scenario;
  const again = await tryOut(after);
  const kept = await keep(after, { suffix: 'shrunk', plugins, out });
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
