/**
 * Live runs of the faults that explorations draw, as far as the live world has them, judged as
 * simulated runs are: what only real clocks, sockets and processes do shows here or nowhere.
 * `--runs N`, `--from SEED`.
 */
import { isBroken, isVoid } from '../../analysis/verdict.js';
import { explorationOf, quietUs } from '../../campaign/explore/schedules/index.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import { checkLive } from '../../live/supervisor/limits.js';
import { smoke } from '../live/fixture.js';
import { recorded } from '../live/recorded.js';
import type { Check, Finding } from './check.js';

const settings = ['duration=40s', 'warmUp=3s', 'faults=[]'];
/** A run whose quiet is longer is left out: nothing is promised of it. */
const longestUs = 120e6;

export const live: Check = async (scale, progress, words = []) => {
  const wanted = numberOf(words, '--runs') ?? (scale === 'short' ? 1 : 20);
  const flaws: string[] = [];
  let [made, faults, voids] = [0, 0, 0];
  for (let seed = numberOf(words, '--from') ?? 1; made < wanted && voids <= wanted; seed += 1) {
    const scenario = drawn(seed);
    if (scenario.durationUs > longestUs) continue;
    progress(`run ${made + 1} of ${wanted}: seed ${seed}; ${flaws.length} broken, ${voids} void`);
    const { record } = await recorded(scenario);
    const { invariants, final } = record.summary;
    if (isBroken(record)) {
      const broken = invariants.broken.map(({ name, detail }) => `${name}: ${detail}`);
      flaws.push(`seed ${seed}: ${final.healthy ? '' : 'not healthy; '}${broken.join('; ')}`);
    } else if (isVoid(record)) {
      voids += 1;
      continue;
    }
    made += 1;
    faults += scenario.faults.length - 1;
  }
  return [{
    what: `${wanted} live runs with ${faults} drawn faults`, wanted: 'none broken',
    measured: `${made} made, ${voids} void besides; ${flaws.length} broken ${flaws.join(' | ')}`,
    ok: made === wanted && flaws.length === 0,
  } satisfies Finding];
};

/** What an exploration of the smoke test draws, without what only the simulator has. */
function drawn(seed: number): ResolvedScenario {
  const { scenario: base, inventory } = smoke(...settings, `seed=${seed}`);
  const { scenario } = explorationOf(base, inventory, seed);
  const faults = scenario.faults.filter((fault) => isLive({ ...scenario, faults: [fault] }));
  const possible = { ...scenario, faults };
  return { ...possible, durationUs: base.durationUs + quietUs(possible) };
}

function isLive(scenario: ResolvedScenario): boolean {
  try {
    checkLive(scenario, []);
    return true;
  } catch {
    return false;
  }
}

function numberOf(words: readonly string[], option: string): number | null {
  const at = words.indexOf(option);
  return at < 0 ? null : Number(words[at + 1]);
}
