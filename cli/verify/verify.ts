/** Makes the same run in several ways, which must not show in its results. */
import { buildInventory } from '../../experiment/inventory.js';
import { toYaml, type ResolvedScenario } from '../../experiment/scenario/index.js';
import { describeEvent } from '../../sim/index.js';
import { Interruption } from '../interruption.js';
import { Pool } from '../pool.js';
import { fingerprint, noLook, type Fingerprint, type Look } from './fingerprint.js';
import type { VerifyTask } from './worker.js';

/** Real time between two turns given to signals. */
const TURN_MS = 50;

export interface Verdict {
  readonly way: string;
  readonly digest: string;
  readonly eventDigest: string;
  readonly same: boolean;
}

export interface Verification {
  readonly verdicts: readonly Verdict[];
  /** In words, where the first way that differs begins to; null: none does. */
  readonly difference: string | null;
}

/** Null: it was interrupted. @throws PoolError; Error where the run does not end */
export async function verify(
  scenario: ResolvedScenario, plugins: readonly string[], progress: (way: string) => void,
): Promise<Verification | null> {
  const interruption = new Interruption(() => undefined);
  let turned = performance.now();
  const goOn = (): boolean | Promise<boolean> => {
    if (performance.now() - turned < TURN_MS) return !interruption.requested;
    turned = performance.now();
    return new Promise((resolve) => setImmediate(() => resolve(!interruption.requested)));
  };
  const otherQueue = scenario.engine.queue === 'heap' ? 'wheel' : 'heap';
  const here = (look: Look): Promise<Fingerprint> => fingerprint(scenario, look, goOn);
  const ways: readonly { way: string; run: (look: Look) => Promise<Fingerprint> }[] = [
    { way: 'in this process', run: here },
    { way: 'again, after that', run: here },
    {
      way: `with the ${otherQueue} as queue`,
      run: (look) => fingerprint({ ...scenario, engine: { queue: otherQueue } }, look, goOn),
    },
    { way: 'in a worker process', run: (look) => inWorker(scenario, plugins, look, interruption) },
  ];
  try {
    const made: Fingerprint[] = [];
    for (const { way, run } of ways) {
      progress(way);
      made.push(await run(noLook));
      if (interruption.requested) return null;
    }
    const isSame = (one: Fingerprint): boolean =>
      one.digest === made[0].digest && one.eventDigest === made[0].eventDigest;
    const verdicts = ways.map(({ way }, index) => {
      const { digest, eventDigest } = made[index];
      return { way, digest, eventDigest, same: isSame(made[index]) };
    });
    const other = verdicts.findIndex(({ same }) => !same);
    if (other === -1) return { verdicts, difference: null };
    progress('to the first difference');
    const look = {
      events: firstDifference(made[0].eventBlocks, made[other].eventBlocks),
      observations: firstDifference(made[0].observationBlocks, made[other].observationBlocks),
    };
    const [one, two] = [await ways[0].run(look), await ways[other].run(look)];
    if (interruption.requested) return null;
    return { verdicts, difference: differenceOf(scenario, one, two) };
  } finally {
    interruption.end();
  }
}

async function inWorker(
  scenario: ResolvedScenario, plugins: readonly string[], look: Look, interruption: Interruption,
): Promise<Fingerprint> {
  let task: VerifyTask | null = { runId: 'run', scenario: toYaml(scenario), plugins, look };
  let outcome: Fingerprint | string = 'it was interrupted';
  const pool = new Pool<VerifyTask, Fingerprint>(1, {
    next: () => {
      const given = task;
      task = null;
      return given;
    },
    plenty: () => false,
    ended: (_task, crashed, result) => {
      outcome = result ?? crashed ?? outcome;
    },
  }, new URL('worker.js', import.meta.url));
  const stop = setInterval(() => interruption.requested && pool.stop(), TURN_MS);
  await pool.run().finally(() => clearInterval(stop));
  if (interruption.requested) {
    return {
      digest: '', eventDigest: '', eventBlocks: [], observationBlocks: [], events: [],
      observations: [],
    };
  }
  if (typeof outcome === 'string') throw new Error(outcome);
  return outcome;
}

/** Index of the first of `a` that is not the same in `b`; what is beyond both counts too. */
function firstDifference(a: readonly string[], b: readonly string[]): number {
  const index = a.findIndex((one, at) => one !== b[at]);
  return index === -1 ? a.length : index;
}

/** The first event that differs, or else the first observation. */
function differenceOf(scenario: ResolvedScenario, one: Fingerprint, two: Fingerprint): string {
  const inventory = buildInventory(scenario);
  const name = (address: number): string => inventory.processName(address);
  const eventLines = ({ events }: Fingerprint): string[] =>
    events.map((event) => describeEvent(event, name));
  const texts = [
    { what: 'event', a: eventLines(one), b: eventLines(two) },
    { what: 'observation', a: one.observations, b: two.observations },
  ];
  for (const { what, a, b } of texts) {
    const at = firstDifference(a, b);
    if (at < Math.max(a.length, b.length)) {
      return `the first ${what} that differs\n  is    ${a[at] ?? 'none'}\n  then  ${b[at] ?? 'none'}`;
    }
  }
  return 'it differed, but not when looked at once more: run it again';
}
