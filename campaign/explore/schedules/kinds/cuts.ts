/** Links that fail between two, or for as long as it takes until all is healed. */
import type { FaultTarget, Party } from '../../../../experiment/scenario/resolved.js';
import type { DrawnKind, Material } from './kind.js';
import { aHost, aManager, coordinator, hasHosts, someParties, zonesApart } from './whom.js';

const weight = 0.6;
const forLong = { repair: null } as const;

/** Two that differ: managers, or a manager and another host. */
function two(of: Material): readonly [FaultTarget, FaultTarget] | null {
  const { inventory, dice } = of;
  const one = dice.chance(0.4) ? coordinator : aManager(of);
  if (hasHosts(of) && dice.chance(0.3)) {
    const pair = [one, aHost(of)] as const;
    return dice.chance(0.5) ? pair : [pair[1], pair[0]];
  }
  if (inventory.managers < 2) return null;
  const next: FaultTarget = { kind: 'successors', count: 1 };
  if (one.kind === 'coordinator' && dice.chance(0.5)) {
    return dice.chance(0.5) ? [one, next] : [next, one];
  }
  const first = dice.integer(0, inventory.managers - 1);
  const second = (first + dice.integer(1, inventory.managers - 1)) % inventory.managers;
  const named = (address: number): FaultTarget =>
    ({ kind: 'named', name: inventory.processName(address) });
  return [one.kind === 'coordinator' ? one : named(first), named(second)];
}

function oneWay(from: readonly Party[], to: readonly Party[] | null) {
  return { kind: 'partition', cut: { kind: 'oneWay', from, to } } as const;
}

export const cutKinds: readonly DrawnKind[] = [
  {
    name: 'two do not reach each other',
    weight,
    unpromised: true,
    draw: (of) => {
      const pair = two(of);
      if (pair === null) return null;
      return { kind: 'partition', cut: { kind: 'between', these: [pair[0]], those: [pair[1]] } };
    },
  },
  {
    name: 'one does not hear another',
    weight,
    unpromised: true,
    draw: (of) => {
      const pair = two(of);
      return pair && oneWay([pair[0]], [pair[1]]);
    },
  },
  {
    name: 'one does not hear another for long',
    weight,
    most: 3,
    unpromised: true,
    draw: (of) => {
      const pair = two(of);
      return pair && oneWay([pair[0]], [pair[1]]);
    },
    course: () => forLong,
  },
  {
    name: 'two do not reach each other for long',
    weight,
    most: 3,
    unpromised: true,
    draw: (of) => {
      const pair = two(of);
      if (pair === null) return null;
      return { kind: 'partition', cut: { kind: 'between', these: [pair[0]], those: [pair[1]] } };
    },
    course: () => forLong,
  },
  {
    name: 'one-way links for long',
    weight,
    most: 2,
    unpromised: true,
    draw: (of) => oneWay(someParties(of), of.dice.chance(0.5) ? null : someParties(of)),
    course: () => forLong,
  },
  {
    name: 'partitions for long',
    weight,
    most: 2,
    draw: (of) => {
      const groups = of.dice.chance(0.5) ? zonesApart(of) : null;
      if (groups !== null) return { kind: 'partition', groups };
      return { kind: 'partition', cut: { kind: 'isolate', whom: someParties(of) } };
    },
    course: () => forLong,
  },
];
