/**
 * A few of many faults, each a little different. Where a crash must come inside one certain call,
 * taking any other fault away moves that call, and nothing can be left out by itself.
 */
import type { FaultSettings, ResolvedScenario } from '../../../experiment/scenario/resolved.js';
import { Dice } from './dice.js';
import { startUs } from './start.js';

/** Fewer are few: no need to draw. */
export const FEW_FAULTS = 3;
/** For each number of faults. */
const TRIES = 40;
const MOST_CALLS = 300;
const second = 1e6;

/** Candidates with one fault, with two, and so on; always the same ones for a scenario. */
export function* redrawn(scenario: ResolvedScenario): Iterable<ResolvedScenario> {
  const dice = new Dice(scenario.seed, 'redraw');
  for (let size = 1; size <= FEW_FAULTS; size += 1) {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const left = [...scenario.faults.keys()];
      const chosen = Array.from({ length: size }, () => {
        return left.splice(dice.integer(0, left.length - 1), 1)[0];
      });
      const faults = chosen.map((index) => changed(scenario.faults[index], dice));
      faults.sort((a, b) => startUs(a) - startUs(b));
      yield { ...scenario, faults };
    }
  }
}

/** Some seconds earlier or later, and after other calls. */
function changed(fault: FaultSettings, dice: Dice): FaultSettings {
  const { action, when } = fault;
  const shiftUs = dice.chance(0.5) ? 0 : Math.round(dice.uniform(-20, 20)) * second;
  const atUs = when.kind === 'at' ? Math.max(0, when.atUs + shiftUs) : 0;
  const calls = Math.floor(dice.anySize(1, MOST_CALLS)) - 1;
  const isInside = 'afterCalls' in action;
  return {
    ...fault,
    when: when.kind === 'at' ? { kind: 'at', atUs } : when,
    action: isInside ? { ...action, afterCalls: calls } : action,
  };
}
