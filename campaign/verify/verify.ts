/** Runs a scenario under several circumstances at once, in step, and holds the runs together. */
import { buildInventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { LoadedPlugins } from '../plugins.js';
import { differenceOf, type Difference } from './difference.js';
import { RemoteRun } from './remote-run.js';
import { LocalRun, type RunEnd, type Step, type SteppedRun } from './stepped-run.js';

/** Whether runs of one scenario and seed were the same, event by event. */
export interface Verified {
  readonly scenario: string;
  readonly seed: number;
  /** Of the run that the others were held against; null: all differed before its end. */
  readonly end: RunEnd | null;
  readonly checks: readonly Check[];
}

/** One circumstance that should have changed nothing. */
export interface Check {
  readonly name: string;
  /** Null: the same in every event and observation. */
  readonly difference: Difference | null;
}

interface Contender {
  readonly name: string;
  readonly run: SteppedRun;
  difference: Difference | null;
}

/**
 * Runs a scenario in this process and, in step with it, again under other circumstances: beside
 * itself, with the other event queue, in a worker, after another run.
 *
 * @throws what the run itself throws
 */
export async function verify(how: {
  readonly scenario: ResolvedScenario;
  readonly plugins?: Pick<LoadedPlugins, 'files'>;
  /** Told how far it is in simulated time. */
  readonly progress?: (timeUs: number) => void;
}): Promise<Verified> {
  const { scenario } = how;
  const { seed, name, engine } = scenario;
  const reference = new LocalRun(scenario, { queue: engine.queue, after: [] });
  const contenders = contendersOf(scenario, how.plugins?.files ?? []);
  let end: RunEnd | null = null;
  try {
    for (let left = contenders; left.length > 0 && end === null; ) {
      const [step, ...steps] = await Promise.all([
        reference.next(), ...left.map(({ run }) => run.next()),
      ]);
      await compare(scenario, { reference, step }, left.map((one, index) => {
        return { contender: one, step: steps[index] };
      }));
      left = left.filter(({ difference }) => difference === null);
      ({ end } = step);
      how.progress?.(step.timeUs);
      // Lets the terminal have its turn, also where no other process is asked.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    reference.abandon();
    for (const { run } of contenders) run.abandon();
  }
  const checks = contenders.map(({ name: check, difference }) => ({ name: check, difference }));
  return { scenario: name, seed, end, checks };
}

function contendersOf(scenario: ResolvedScenario, plugins: readonly string[]): Contender[] {
  const { seed, engine: { queue } } = scenario;
  const other = queue === 'heap' ? 'wheel' : 'heap';
  const plain = { queue, after: [] };
  const contender = (name: string, run: SteppedRun): Contender => ({ name, run, difference: null });
  return [
    contender('again, at the same time in one process', new LocalRun(scenario, plain)),
    contender(
      `with the other event queue (${other})`,
      new RemoteRun(scenario, plugins, { queue: other, after: [] }),
    ),
    contender('in a worker', new RemoteRun(scenario, plugins, plain)),
    contender(
      'after another run in the same process',
      new RemoteRun(scenario, plugins, { queue, after: [seed + 1] }),
    ),
  ];
}

async function compare(
  scenario: ResolvedScenario,
  { reference, step }: { readonly reference: SteppedRun; readonly step: Step },
  others: readonly { readonly contender: Contender; readonly step: Step }[],
): Promise<void> {
  for (const { contender, step: its } of others) {
    if (its.digest === step.digest) continue;
    const here = await reference.records();
    const there = await contender.run.records();
    contender.difference = differenceOf(here, there, buildInventory(scenario));
    contender.run.abandon();
  }
}
