/** What befalls single machines, managers' and agents' alike. */
import type { FaultTarget } from '../../../../experiment/scenario/resolved.js';
import type { DrawnKind, Material } from './kind.js';
import {
  aHost, commission, coordinator, crash, decommission, hasHosts, isServed, round, someHosts,
  someManagers,
} from './whom.js';

const weight = 0.4;

/** Those of the agents where there are any, for what managers' have kinds of their own for. */
function others(of: Material, most: number): FaultTarget[] | null {
  return hasHosts(of) ? someHosts(of, most) : null;
}

/** Half of the time managers', half of the time agents'. */
function either(of: Material, most: number): FaultTarget[] {
  if (hasHosts(of) && of.dice.chance(0.5)) return someHosts(of, most);
  return of.dice.chance(0.4) ? [coordinator] : someManagers(of, most);
}

/** Racks where zones have several, else zones. */
function aPlace({ scenario, inventory, dice }: Material): FaultTarget | null {
  if (scenario.system.racks > 1) {
    return { kind: 'rack', index: dice.integer(0, inventory.racks - 1) };
  }
  const zones = inventory.zones.length;
  return zones < 2 ? null : { kind: 'zone', index: dice.integer(0, zones - 1) };
}

export const hostKinds: readonly DrawnKind[] = [
  {
    name: 'hosts become slow',
    weight: 0.8,
    unpromised: true,
    draw: (of) => isServed(of) ? {
      kind: 'slow', targets: either(of, 3), factor: round(of.dice.anySize(1.5, 1000)),
    } : null,
  },
  {
    name: "hosts' clocks go wrong",
    weight,
    draw: (of) => {
      const targets = others(of, 4);
      return targets && {
        kind: 'clock',
        targets,
        aheadUs: round(of.dice.anySize(1e3, 1e9)) * (of.dice.chance(0.5) ? 1 : -1),
        drift: of.dice.chance(0.5) ? 0 : round(of.dice.anySize(1e-6, 1e-3)),
      };
    },
  },
  {
    name: 'hosts lose their state',
    weight,
    draw: (of) => {
      const targets = others(of, 4);
      return targets && { ...crash(...targets), loseState: true };
    },
  },
  {
    name: 'hosts crash inside a call',
    weight,
    draw: (of) => hasHosts(of) ? {
      ...crash(aHost(of)), afterCalls: Math.floor(of.dice.anySize(1, 100)) - 1,
    } : null,
  },
  {
    name: 'hosts restart',
    weight,
    draw: (of) => {
      const targets = others(of, 6);
      const lost = of.dice.chance(0.3) ? { loseState: true as const } : {};
      return targets && { kind: 'restart', targets, ...lost };
    },
  },
  {
    name: 'places crash',
    weight,
    draw: (of) => {
      const place = aPlace(of);
      if (place === null) return null;
      return of.dice.chance(0.5) ? crash(place) : { kind: 'restart', targets: [place] };
    },
  },
  {
    name: 'resources and hosts are decommissioned',
    weight,
    draw: decommission,
    // For good, more often than not.
    course: ({ dice }) => dice.chance(0.6) ? { repair: null } : {},
  },
  {
    name: 'resources, hosts and managers are commissioned',
    topic: 'inventory',
    weight,
    draw: commission,
    course: (_of, { atUs }) => ({ when: { kind: 'at', atUs }, repair: null }),
  },
  {
    name: 'places pause',
    weight,
    draw: (of) => {
      const place = aPlace(of);
      return place && { kind: 'pause', targets: [place] };
    },
  },
];
