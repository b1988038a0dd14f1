/** Who takes which manager for gone, and whether rightly; to be asked before the truth shows it. */
import { compareBallots, type Ballot } from '../../core/identity.js';
import type { Line } from './lines.js';
import type { World } from './world.js';

export function suspicionOf(
  line: Line, world: World,
): { readonly of: number; readonly justified: boolean } | null {
  const { type, p } = line;
  const isOut = (of: number): boolean => !world.isLive(of) || !world.reach(p, of);
  if (type === 'manager-suspected') {
    const of = line['manager'] as number;
    return { of, justified: isOut(of) };
  }
  if (type === 'coordinator-suspected') {
    const ballot = line['ballot'] as Ballot;
    const of = ballot.address;
    const acts = compareBallots(world.acting.get(of)?.ballot ?? null, ballot) === 0;
    return { of, justified: isOut(of) || !acts };
  }
  if (type !== 'pointer-lost' || line['why'] !== 'silent') return null;
  const of = world.resources[line['resource'] as number].pointer?.manager;
  return of === undefined ? null : { of, justified: isOut(of) };
}
