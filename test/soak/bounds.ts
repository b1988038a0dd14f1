/**
 * B against generated configurations and faults of every size: never exceeded; and for each kind of
 * fault times and targets are sought that come near it, for a bound may not be slack either.
 */
import { configurationOf, type Drawing, type FaultKind } from './configurations.js';
import type { Check, Finding } from './check.js';
import { simulate } from './simulate.js';

interface Tally {
  runs: number;
  episodes: number;
  /** The greatest settle/B, and the seed that it comes of. */
  worst: number;
  worstSeed: number;
  readonly wrong: string[];
}

/** Runs the configurations of these seeds, and holds every episode to its bound. */
async function tally(
  from: number, runs: number, drawing: Drawing, progress: (what: string) => void,
): Promise<Tally> {
  const found: Tally = { runs, episodes: 0, worst: 0, worstSeed: 0, wrong: [] };
  for (let seed = from; seed < from + runs; seed += 1) {
    const scenario = configurationOf(seed, drawing);
    const { record, recorder } = await simulate(scenario);
    for (const { name, broken } of recorder.invariants) {
      if (broken !== null) found.wrong.push(`seed ${seed}: ${name}`);
    }
    if (!record.summary.final.healthy) found.wrong.push(`seed ${seed}: unhealthy at the end`);
    for (const { settle_s: settle, bound_s: bound, start_s: start } of record.episodes) {
      // The start of all is not what the bound is derived for.
      if (bound === null || settle === null || start === 0) continue;
      found.episodes += 1;
      if (settle > bound) found.wrong.push(`seed ${seed}: ${settle} s, B = ${bound} s`);
      if (settle / bound > found.worst) {
        found.worst = settle / bound;
        found.worstSeed = seed;
      }
    }
    progress(`seed ${seed}, ${scenario.system.managers} managers: ${found.worst.toFixed(2)}`);
  }
  return found;
}

function kept(what: string, { runs, episodes, worst, worstSeed, wrong }: Tally): Finding {
  return {
    what: `B kept: ${what}, ${runs} configurations`,
    measured: wrong.length > 0
      ? wrong.slice(0, 3).join('; ')
      : `${episodes} episodes, settle/B at most ${worst.toFixed(2)} (seed ${worstSeed})`,
    wanted: 'at most 1',
    ok: wrong.length === 0 && episodes >= runs / 2,
  };
}

/** Small systems without loss, in which many times and targets can be tried. */
async function sought(
  fault: FaultKind, runs: number, progress: (what: string) => void,
): Promise<Finding> {
  const drawing = { managers: [2, 16], fault, lossy: false } as const;
  const { worst, worstSeed, wrong } = await tally(50_001, runs, drawing, progress);
  return {
    what: `B not slack: ${fault}, ${runs} times and targets`,
    measured: wrong.length > 0
      ? wrong.slice(0, 3).join('; ')
      : `settle/B at most ${worst.toFixed(2)} (seed ${worstSeed})`,
    wanted: 'at least 0.5, at most 1',
    ok: wrong.length === 0 && worst >= 0.5,
  };
}

export const bounds: Check = async (scale, progress) => {
  if (scale === 'short') {
    return [kept('of all sizes', await tally(1, 8, { managers: [1, 24] }, progress))];
  }
  const findings = [
    kept('1 to 100 managers', await tally(1, 600, { managers: [1, 100] }, progress)),
    kept('all sizes of mass failures', await tally(
      10_001, 300, { managers: [2, 100], fault: 'mass' }, progress,
    )),
    kept('300 managers', await tally(20_001, 20, { managers: [300, 300] }, progress)),
  ];
  for (const fault of ['mass', 'stalls', 'cut', 'return'] as const) {
    findings.push(await sought(fault, 400, progress));
  }
  return findings;
};
