import type { InvariantContext } from './invariant.js';

/** By component of reachability: a number that stands for the processes in it. */
export function membersOf({ health: { truth }, inventory }: InvariantContext): number[] {
  const { reachability } = truth;
  const members: number[] = reachability.components.map(() => 0);
  for (let process = 0; process < inventory.managers + inventory.agents; process += 1) {
    const component = reachability.componentOf(process);
    // A hash (FNV-1a) of 32 bits.
    members[component] = Math.imul(members[component] ^ (process + 1), 0x01000193) >>> 0;
  }
  return members;
}
