/** Hosts by whose links faults go: as users write them, and their canonical form. */
import { Misfit, type ScenarioPath } from './error.js';
import type { FaultTarget, Party } from './resolved.js';

/** A target as a user writes it. */
export type GivenTarget =
  | string
  | {
      readonly successors?: number | undefined;
      readonly concerned?: 'manager' | 'host' | undefined;
      readonly fullest?: number | undefined;
      readonly zone?: string | undefined;
      readonly rack?: string | undefined;
      readonly zones?: number | undefined;
      readonly racks?: number | undefined;
      readonly managers?: number | undefined;
      readonly hosts?: number | undefined;
      readonly resources?: number | undefined;
      readonly each?: 'managers' | 'hosts' | 'resources' | 'zones' | 'racks' | undefined;
    };

/**
 * @param read - reads a target that is no zone
 * @throws Misfit for what has no links of its own
 */
export function resolveParties(
  given: readonly GivenTarget[],
  path: ScenarioPath,
  zones: readonly string[],
  read: (target: GivenTarget) => FaultTarget,
): Party[] {
  return given.map((one) => {
    const zone = typeof one === 'string' && one !== 'coordinator' ? zones.indexOf(one) : -1;
    if (zone >= 0) return { kind: 'zone', index: zone };
    const target = read(one);
    if (target.kind === 'resources') {
      throw new Misfit(path, 'resources have no links of their own', 'name their hosts');
    }
    if ('count' in target && target.count === 0) {
      const remedy = `give a number such as { ${target.kind}: 2 }`;
      throw new Misfit(path, 'each goes with crash, pause and leave', remedy);
    }
    return target;
  });
}

/** @throws Misfit for a name that no host has */
export function checkParties(
  parties: readonly Party[],
  path: ScenarioPath,
  hosts: { has(name: string): boolean },
): void {
  for (const party of parties) {
    if (party.kind !== 'named' || hosts.has(party.name)) continue;
    const remedy = 'known are coordinator, zones and, numbered from 1, manager-N and host-N';
    throw new Misfit(path, `there is no zone or host ${party.name}`, remedy);
  }
}

/** As a user would write it. */
export function partySettings(party: Party, zones: readonly string[]): unknown {
  switch (party.kind) {
    case 'zone':
      return zones[party.index];
    case 'rack':
      return { rack: `rack-${party.index + 1}` };
    case 'coordinator':
      return party.kind;
    case 'named':
      return party.name;
    case 'concerned':
      return { concerned: party.who };
    default:
      return { [party.kind]: party.count };
  }
}
