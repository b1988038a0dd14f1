/** What may be believed of a run, and what broke in it. */
import type { Invariant } from '../../experiment/invariant.js';
import type { Lag } from '../../experiment/lag.js';
import { remarksOn } from '../../experiment/remarks.js';
import type { RunResult } from '../../experiment/world.js';
import { beside, count, optional } from './fields.js';
import { measure } from './measure.js';

export interface BrokenInvariant {
  readonly name: string;
  /** When it broke first. */
  readonly seconds: number;
  readonly detail: string;
}

const fields = {
  /** What is not promised, or asked for in vain; in sentences. */
  warnings: beside<readonly string[]>(),
  invariants: {
    checked: beside<readonly string[]>(count('invariants', 'that were checked')),
    broken: beside<readonly BrokenInvariant[]>(count('invariants', 'that broke')),
  },
  /** Of live runs. `void`: why nothing is said of times and health; null: all is. */
  live: optional(beside<{ readonly lag: Lag; readonly void: string | null }>()),
};

export const verdict = measure(fields, ({ scenario, inventory, bounds, invariants }) => ({
  summary: (result) => {
    const judged = judgedOf(invariants, result);
    const { live } = result;
    return {
      warnings: [...liveWords(result), ...bounds.warnings, ...remarksOn(scenario, inventory)],
      invariants: {
        checked: judged.map(({ name }) => name),
        broken: judged.flatMap(({ name, broken }) => broken === null
          ? [] : { name, seconds: broken.timeUs / 1e6, detail: broken.explanation }),
      },
      ...(live === undefined ? {} : { live: { lag: live.lag, void: live.voidBecause } }),
    };
  },
}));

/** In a run that is void, times and health are not judged: safety is. */
function judgedOf(invariants: readonly Invariant[], { live }: RunResult): readonly Invariant[] {
  if ((live?.voidBecause ?? null) === null) return invariants;
  return invariants.filter(({ isTimed }) => isTimed !== true);
}

function liveWords({ live }: RunResult): string[] {
  const why = live?.voidBecause ?? null;
  const busy = (live?.busy ?? []).map((what) => `${what}: its own time, and none of the machine's`);
  return why === null ? busy : [
    ...busy,
    `void as to times and health, which say nothing of the system: ${why}; run it anew on an ` +
      'idle machine, or with longer timeouts (safety was judged)',
  ];
}
