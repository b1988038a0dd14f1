/** The name of a sweep: what is run, and by what code. */
import { createHash } from 'node:crypto';
import type { Sweep } from '../../experiment/sweep/index.js';
import { whatIsRun } from '../run-id.js';

/** Hex. Settings of the report are left out too: they change no result. */
export function sweepId(sweep: Sweep, code: string): string {
  const { seed, axes, cells, replications } = sweep;
  const hash = createHash('sha256').update(JSON.stringify([code, seed, axes, replications]));
  for (const { scenario } of cells) hash.update(whatIsRun(scenario));
  return hash.digest('hex').slice(0, 12);
}
