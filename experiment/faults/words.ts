import type { Address } from '../../core/process.js';

/** So many are named; the rest is counted. */
const NAMED = 8;

/** Who knows their names. */
export interface Names {
  processName(address: Address): string;
  descriptor(resource: number): { readonly name: string };
}

/** Whom a fault hits, for people. */
export function namesOf(
  processes: Iterable<Address>,
  resources: Iterable<number>,
  terrain: Names,
): string {
  const names: string[] = [];
  let total = 0;
  for (const address of processes) {
    if (names.length < NAMED) names.push(terrain.processName(address));
    total += 1;
  }
  for (const resource of resources) {
    if (names.length < NAMED) names.push(terrain.descriptor(resource).name);
    total += 1;
  }
  const more = total - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
