/**
 * Makes a scenario small that breaks an invariant, as long as it breaks the same one: first by
 * delta debugging of its faults (Zeller and Hildebrandt, "Simplifying and isolating
 * failure-inducing input", IEEE TSE 28(2), 2002), then step by step whatever else can be simpler,
 * over and over until nothing can be. What comes out is 1-minimal: without any one of its faults it
 * holds.
 */
import type { Registry } from '../../../experiment/plugins.js';
import type { FaultSettings, ResolvedScenario } from '../../../experiment/scenario/resolved.js';
import { FEW_FAULTS, redrawn } from './redraw.js';
import { simplerOnes } from './simpler.js';

export interface ShrinkHooks {
  /** Whether the scenario still breaks it. Asked for no scenario twice. */
  readonly breaks: (scenario: ResolvedScenario) => Promise<boolean>;
  /** Where the scenario names implementations of the user's own. */
  readonly plugins?: Registry;
  /** Told after each step that made it smaller. */
  readonly smaller?: (scenario: ResolvedScenario, what: string) => void;
}

export interface Shrunk {
  readonly scenario: ResolvedScenario;
  /** How many scenarios were run. */
  readonly tried: number;
}

/** @param scenario - one that breaks the invariant */
export async function shrink(scenario: ResolvedScenario, hooks: ShrinkHooks): Promise<Shrunk> {
  const known = new Map<string, boolean>();
  const breaks = async (candidate: ResolvedScenario): Promise<boolean> => {
    const key = JSON.stringify(candidate);
    const before = known.get(key);
    if (before !== undefined) return before;
    const now = await hooks.breaks(candidate);
    known.set(key, now);
    return now;
  };
  let best = scenario;
  let drewAnew = false;
  const take = (candidate: ResolvedScenario, what: string): void => {
    best = candidate;
    hooks.smaller?.(candidate, what);
  };
  for (let isSmaller = true; isSmaller; ) {
    const before = best;
    const faults = await fewest(best.faults, (some) => breaks({ ...best, faults: some }));
    if (faults.length < best.faults.length) {
      take({ ...best, faults }, `${faults.length} faults instead of ${best.faults.length}`);
    }
    if (best.faults.length > FEW_FAULTS && !drewAnew) {
      drewAnew = true;
      for (const candidate of redrawn(best)) {
        if (!(await breaks(candidate))) continue;
        take(candidate, 'a few of the faults, drawn anew');
        break;
      }
    }
    // Each kind of simplification as often as it helps: the next may then help more.
    for (const simpler of simplerOnes) {
      for (let helped = true; helped; ) {
        helped = false;
        for (const candidate of simpler.of(best, hooks.plugins)) {
          if (!(await breaks(candidate))) continue;
          take(candidate, simpler.name);
          helped = true;
          break;
        }
      }
    }
    isSmaller = best !== before;
  }
  return { scenario: best, tried: known.size };
}

/** A 1-minimal subset of `faults` that still breaks, in their order: the algorithm ddmin. */
async function fewest(
  faults: readonly FaultSettings[],
  breaks: (some: readonly FaultSettings[]) => Promise<boolean>,
): Promise<readonly FaultSettings[]> {
  let left = faults;
  let pieces = 2;
  while (left.length > 0) {
    const size = Math.ceil(left.length / pieces);
    const starts = Array.from({ length: Math.ceil(left.length / size) }, (_, at) => at * size);
    let smaller: readonly FaultSettings[] | null = null;
    for (const start of starts) {
      const rest = [...left.slice(0, start), ...left.slice(start + size)];
      if (await breaks(rest)) {
        smaller = rest;
        break;
      }
    }
    if (smaller !== null) {
      left = smaller;
      pieces = Math.max(pieces - 1, 2);
    } else if (size === 1) {
      break;
    } else {
      pieces = Math.min(2 * pieces, left.length);
    }
  }
  return left;
}
