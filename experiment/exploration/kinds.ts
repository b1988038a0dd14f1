/** What can go wrong in an exploration: one row per kind, in the order of its draws. */
import type { Inventory } from '../inventory.js';
import type { FaultAction, FaultTarget, ResolvedScenario } from '../scenario/resolved.js';
import type { Dice } from './dice.js';

/** Of what a draw is made. */
export interface Material {
  readonly scenario: ResolvedScenario;
  readonly inventory: Inventory;
  readonly dice: Dice;
}

export interface DrawnKind {
  readonly name: string;
  /** Whether rules, and not the fault itself, may have to repair it. */
  readonly lasting?: true;
  /** Null: this system has nothing of the sort. */
  draw(material: Material): FaultAction | null;
}

/** To add a kind, add a row: each draws from a stream of its own. */
export const drawnKinds: readonly DrawnKind[] = [
  { name: 'coordinator crashes', draw: () => crash(coordinator) },
  { name: 'managers crash', draw: (of) => crash(...someManagers(of, 3)) },
  {
    name: 'successors crash',
    draw: (of) => crash(coordinator, { kind: 'successors', count: of.dice.integer(1, 3) }),
  },
  {
    name: 'crashes inside a call',
    draw: (of) => ({
      ...crash(of.dice.one([coordinator, aManager(of), { kind: 'successors', count: 1 }])),
      afterCalls: Math.floor(of.dice.anySize(1, 300)) - 1,
    }),
  },
  { name: 'hosts crash', draw: (of) => hasHosts(of) ? crash(aHost(of)) : null },
  { name: 'resources crash', lasting: true, draw: (of) => crashOfResources(of) },
  { name: 'coordinator pauses', draw: () => ({ kind: 'pause', targets: [coordinator] }) },
  { name: 'managers pause', draw: (of) => ({ kind: 'pause', targets: someManagers(of, 3) }) },
  {
    name: 'hosts pause',
    draw: (of) => hasHosts(of) ? { kind: 'pause', targets: [aHost(of)] } : null,
  },
  { name: 'managers leave', draw: (of) => ({ kind: 'leave', targets: someManagers(of, 2) }) },
  { name: 'coordinator leaves', draw: () => ({ kind: 'leave', targets: [coordinator] }) },
  { name: 'partitions', draw: partition },
  { name: 'loss', draw: ({ dice }) => ({ kind: 'loss', share: round(dice.anySize(0.01, 0.4)) }) },
];

const coordinator: FaultTarget = { kind: 'coordinator' };

function crash(...targets: FaultTarget[]): FaultAction & { kind: 'crash' } {
  return { kind: 'crash', targets };
}

function aManager({ inventory, dice }: Material): FaultTarget {
  return named(inventory.processName(dice.integer(0, inventory.managers - 1)));
}

/** Up to `most`, each once. */
function someManagers(of: Material, most: number): FaultTarget[] {
  const count = of.dice.integer(1, Math.min(most, of.inventory.managers));
  const names = new Map<string, FaultTarget>();
  for (let left = count; left > 0; left -= 1) {
    const target = aManager(of);
    if (target.kind === 'named') names.set(target.name, target);
  }
  return [...names.values()];
}

function hasHosts({ inventory }: Material): boolean {
  return inventory.agents > 0;
}

function aHost({ inventory, dice }: Material): FaultTarget {
  const { managers, agents } = inventory;
  return named(inventory.processName(dice.integer(managers, managers + agents - 1)));
}

function crashOfResources({ inventory, dice }: Material): FaultAction | null {
  if (inventory.resources === 0) return null;
  const resource = dice.integer(0, inventory.resources - 1);
  return crash(named(inventory.descriptor(resource).name));
}

/** Zones fall apart into two groups, or three. */
function partition({ inventory, dice }: Material): FaultAction | null {
  const zones = inventory.zones.map((_, zone) => zone);
  if (zones.length < 2) return null;
  const groups: number[][] = Array.from(
    { length: Math.min(zones.length, dice.chance(0.75) ? 2 : 3) }, () => [],
  );
  const left = [...zones];
  // One for each group first, lest one be empty.
  for (const group of groups) group.push(...left.splice(dice.integer(0, left.length - 1), 1));
  for (const zone of left) dice.one(groups).push(zone);
  return { kind: 'partition', groups };
}

function named(name: string): FaultTarget {
  return { kind: 'named', name };
}

/** To two digits: a person will read it. */
function round(value: number): number {
  return Number(value.toPrecision(2));
}
