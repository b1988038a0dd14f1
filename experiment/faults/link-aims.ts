/** What a fault does to links, decided when it strikes. */
import type { HostCut } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Layer } from '../impairments/index.js';
import type { Party } from '../language/targets.js';
import type { Terrain } from './terrain.js';
import { namesOf } from './words.js';

export type LinkEffect =
  /** Zones (by index) fall apart into these groups. */
  | { readonly kind: 'groups'; readonly groups: readonly (readonly number[])[] }
  | { readonly kind: 'cut'; readonly cut: HostCut }
  /** The share of all messages that is lost. */
  | { readonly kind: 'loss'; readonly share: number }
  | { readonly kind: 'layer'; readonly layer: Layer };

export interface LinkAim {
  readonly effect: LinkEffect;
  /** In words, for reports. */
  readonly target: string;
}

/** What a decision may depend on. */
export interface LinkContext {
  readonly terrain: Terrain;
  /** The hosts that are meant, among those that are up. */
  readonly resolve: (parties: readonly Party[]) => ReadonlySet<Address>;
  /** Uniform in [0, 1), the strike's own. */
  readonly next: () => number;
}

/** Zones by their names, hosts by theirs. */
export function partiesInWords(
  parties: readonly Party[],
  hosts: ReadonlySet<Address>,
  terrain: Terrain,
): string {
  const zones = parties.flatMap((party) => (party.kind === 'zone' ? [party.index] : []));
  const inZones = new Set(zones);
  const others = [...hosts].filter((address) => !inZones.has(terrain.zoneOf[address]));
  const names = [...inZones].map((zone) => terrain.zones[zone]);
  return [...names, ...(others.length > 0 ? [namesOf(others, [], terrain)] : [])].join(', ');
}
