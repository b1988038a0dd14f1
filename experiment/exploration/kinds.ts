/** What can go wrong in an exploration: one row per kind, in the order of its draws. */
import type { Impairment, Spells } from '../impairment.js';
import type { Inventory } from '../inventory.js';
import type { Distribution } from '../random/distributions.js';
import type {
  FaultAction, FaultTarget, Party, Phase, ResolvedScenario,
} from '../scenario/resolved.js';
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
  /** While it is there, recovery is promised by no bound: afterwards only. */
  readonly unpromised?: true;
  /** It strikes when such a phase begins next. */
  readonly waitsFor?: Phase;
  /** Null: this system has nothing of the sort. */
  draw(material: Material): FaultAction | null;
}

/**
 * To add a kind, add a row: each draws from a stream of its own. Whom it hits must not be drawn
 * when it strikes, by its place among the faults: taking others away would change it.
 */
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
  {
    name: 'crashes in an election',
    waitsFor: 'election',
    draw: ({ dice }) => ({
      ...crash({ kind: 'successors', count: 1 }), afterCalls: Math.floor(dice.anySize(1, 100)) - 1,
    }),
  },
  {
    name: 'clocks go wrong',
    draw: (of) => ({
      kind: 'clock',
      targets: someManagers(of, 3),
      aheadUs: round(of.dice.anySize(1e3, 1e8)) * (of.dice.chance(0.5) ? 1 : -1),
      drift: round(of.dice.anySize(1e-6, 1e-3)) * (of.dice.chance(0.5) ? 1 : -1),
    }),
  },
  {
    name: 'managers lose their state',
    draw: (of) => ({
      ...crash(...(of.dice.chance(0.4) ? [coordinator] : someManagers(of, 2))), loseState: true,
    }),
  },
  { name: 'fullest manager crashes', draw: () => crash({ kind: 'fullest', count: 1 }) },
  { name: 'restarts', draw: (of) => ({ kind: 'restart', targets: someManagers(of, 4) }) },
  {
    name: 'zones crash',
    draw: ({ inventory: { zones }, dice }) => zones.length < 2
      ? null : crash({ kind: 'zone', index: dice.integer(0, zones.length - 1) }),
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
  {
    name: 'isolated nodes',
    draw: (of) => ({ kind: 'partition', cut: { kind: 'isolate', whom: someParties(of) } }),
  },
  {
    name: 'one-way links',
    unpromised: true,
    draw: (of) => {
      const to = of.dice.chance(0.5) ? null : someParties(of);
      return { kind: 'partition', cut: { kind: 'oneWay', from: someParties(of), to } };
    },
  },
  {
    name: 'bridges',
    unpromised: true,
    draw: (of) => {
      const sides = zonesApart(of);
      if (sides === null) return null;
      return { kind: 'partition', cut: { kind: 'bridge', over: someManagers(of, 2), sides } };
    },
  },
  {
    name: 'bursty loss',
    draw: (of) => impair(of, {
      kind: 'burstyLoss', lossGood: 0, lossBad: round(of.dice.uniform(0.3, 1)), ...spells(of.dice),
    }),
  },
  {
    name: 'duplication',
    draw: (of) => impair(of, { kind: 'duplication', share: round(of.dice.anySize(0.01, 1)) }),
  },
  {
    name: 'corruption',
    draw: (of) => impair(of, { kind: 'corruption', share: round(of.dice.anySize(0.01, 0.4)) }),
  },
  {
    name: 'jitter',
    unpromised: true,
    draw: (of) => impair(of, { kind: 'jitter', delay: aDelay(of) }),
  },
  {
    name: 'delay spikes',
    unpromised: true,
    draw: (of) => impair(of, { kind: 'delaySpikes', delay: aDelay(of), ...spells(of.dice) }),
  },
  {
    name: 'reordering',
    unpromised: true,
    draw: (of) => {
      const share = round(of.dice.anySize(0.01, 0.5));
      return impair(of, { kind: 'reordering', share, delay: aDelay(of) });
    },
  },
  {
    name: 'bandwidth',
    unpromised: true,
    draw: (of) => impair(of, {
      kind: 'bandwidth',
      bitsPerSecond: round(of.dice.anySize(1e3, 1e5)),
      queueUs: round(of.dice.anySize(1e5, 1e7)),
    }),
  },
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

function partition(of: Material): FaultAction | null {
  const groups = zonesApart(of);
  return groups && { kind: 'partition', groups };
}

/** Zones in two groups, or three. */
function zonesApart({ inventory, dice }: Material): number[][] | null {
  const zones = inventory.zones.map((_, zone) => zone);
  if (zones.length < 2) return null;
  const groups: number[][] = Array.from(
    { length: Math.min(zones.length, dice.chance(0.75) ? 2 : 3) }, () => [],
  );
  const left = [...zones];
  // One for each group first, lest one be empty.
  for (const group of groups) group.push(...left.splice(dice.integer(0, left.length - 1), 1));
  for (const zone of left) dice.one(groups).push(zone);
  return groups;
}

/** Whose links a fault harms: the coordinator, managers or a zone. */
function someParties(of: Material): readonly Party[] {
  const { dice, inventory: { zones } } = of;
  if (dice.chance(0.4)) return [coordinator];
  if (zones.length > 1 && dice.chance(0.3)) {
    return [{ kind: 'zone', index: dice.integer(0, zones.length - 1) }];
  }
  return someManagers(of, 3);
}

/** All links, or those of some. */
function impair(of: Material, impairment: Impairment): FaultAction {
  return of.dice.chance(0.5) ? impairment : { ...impairment, of: someParties(of) };
}

/** From what nobody notices to what looks like a death; sometimes it is another each time. */
function aDelay({ scenario, dice }: Material): Distribution {
  const periodS = scenario.coordination.managers.heartbeatPeriodUs / 1e6;
  const longest = round(dice.anySize(periodS / 100, periodS * 4));
  return dice.chance(0.5)
    ? { kind: 'constant', value: longest } : { kind: 'uniform', low: 0, high: longest };
}

function spells(dice: Dice): Spells {
  return { goodUs: round(dice.anySize(1e6, 6e7)), badUs: round(dice.anySize(1e5, 2e7)) };
}

function named(name: string): FaultTarget {
  return { kind: 'named', name };
}

/** To two digits: a person will read it. */
function round(value: number): number {
  return Number(value.toPrecision(2));
}
