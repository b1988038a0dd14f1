/** The name of a sweep: what is run, and by what code. */
import { createHash } from 'node:crypto';
import { toYaml } from '../../experiment/scenario/index.js';
import type { Sweep } from '../../experiment/sweep/index.js';

/** Hex. Settings of the engine and of the report are left out: they change no result. */
export function sweepId(sweep: Sweep, code: string): string {
  const { seed, axes, cells, replications } = sweep;
  const hash = createHash('sha256').update(JSON.stringify([code, seed, axes, replications]));
  for (const { scenario } of cells) {
    hash.update(toYaml({ ...scenario, engine: { queue: 'wheel' } }));
  }
  return hash.digest('hex').slice(0, 12);
}
