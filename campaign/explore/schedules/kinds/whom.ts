/** Whom and what a drawn fault hits. */
import type { Impairment } from '../../../../experiment/impairments/index.js';
import type { Spells } from '../../../../experiment/impairments/kind.js';
import type { Distribution } from '../../../../experiment/random/distributions.js';
import type { FaultAction, FaultTarget, Party } from '../../../../experiment/scenario/resolved.js';
import type { Dice } from '../dice.js';
import type { Material } from './kind.js';

export const coordinator: FaultTarget = { kind: 'coordinator' };

export function crash(...targets: FaultTarget[]): FaultAction & { kind: 'crash' } {
  return { kind: 'crash', targets };
}

export function aManager({ inventory, dice }: Material): FaultTarget {
  return named(inventory.processName(dice.integer(0, inventory.managers - 1)));
}

/** Up to `most`, each once. */
export function someManagers(of: Material, most: number): FaultTarget[] {
  return several(of, most, of.inventory.managers, aManager);
}

export function someHosts(of: Material, most: number): FaultTarget[] {
  return several(of, most, of.inventory.agents, aHost);
}

function several(
  of: Material, most: number, all: number, draw: (of: Material) => FaultTarget,
): FaultTarget[] {
  const count = of.dice.integer(1, Math.min(most, all));
  const names = new Map<string, FaultTarget>();
  for (let left = count; left > 0; left -= 1) {
    const target = draw(of);
    if (target.kind === 'named') names.set(target.name, target);
  }
  return [...names.values()];
}

/** So many of them. */
export function managersBy({ inventory, dice }: Material, count: number): FaultTarget[] {
  const left = Array.from({ length: inventory.managers }, (_, address) => address);
  return Array.from({ length: Math.min(count, left.length) }, () => {
    const [address] = left.splice(dice.integer(0, left.length - 1), 1);
    return named(inventory.processName(address));
  });
}

/** Messages take their receivers some time, so that it can be longer. */
export function isServed({ scenario }: Material): boolean {
  const { managerUs, agentUs } = scenario.system.service;
  return managerUs > 0 || agentUs > 0;
}

export function hasHosts({ inventory }: Material): boolean {
  return inventory.agents > 0;
}

export function aHost({ inventory, dice }: Material): FaultTarget {
  const { managers, agents } = inventory;
  return named(inventory.processName(dice.integer(managers, managers + agents - 1)));
}

export function crashOfResources({ inventory, dice }: Material): FaultAction | null {
  if (inventory.resources === 0) return null;
  const resource = dice.integer(0, inventory.resources - 1);
  return crash(named(inventory.descriptor(resource).name));
}

/** One or another, or all of a host. */
export function decommission(of: Material): FaultAction | null {
  if (of.inventory.resources === 0) return null;
  return { kind: 'decommission', targets: someThings(of) };
}

/** Likewise, or managers; of these some are there from the beginning. */
export function commission(of: Material): FaultAction | null {
  const { inventory: { resources, managers }, dice } = of;
  const some = managers > 2 && (resources === 0 || dice.chance(0.3));
  if (!some && resources === 0) return null;
  const targets = some ? someManagers(of, Math.max(1, managers >> 2)) : someThings(of);
  return { kind: 'commission', targets };
}

function someThings({ inventory, dice }: Material): FaultTarget[] {
  const one = (): string => {
    const { name, host } = inventory.descriptor(dice.integer(0, inventory.resources - 1));
    return dice.chance(0.3) ? host : name;
  };
  const names = new Set(Array.from({ length: dice.integer(1, 3) }, one));
  return [...names].map(named);
}

export function partition(of: Material): FaultAction | null {
  const groups = zonesApart(of);
  return groups && { kind: 'partition', groups };
}

/** Zones in two groups, or three. */
export function zonesApart({ inventory, dice }: Material): number[][] | null {
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
export function someParties(of: Material): readonly Party[] {
  const { dice, inventory: { zones } } = of;
  if (dice.chance(0.4)) return [coordinator];
  if (zones.length > 1 && dice.chance(0.3)) {
    return [{ kind: 'zone', index: dice.integer(0, zones.length - 1) }];
  }
  return someManagers(of, 3);
}

/** All links, or those of some. */
export function impair(of: Material, impairment: Impairment): FaultAction {
  return of.dice.chance(0.5) ? impairment : { ...impairment, of: someParties(of) };
}

/** From what nobody notices to what looks like a death; sometimes it is another each time. */
export function aDelay({ scenario, dice }: Material): Distribution {
  const periodS = scenario.coordination.managers.heartbeatPeriodUs / 1e6;
  const longest = round(dice.anySize(periodS / 100, periodS * 4));
  return dice.chance(0.5)
    ? { kind: 'constant', value: longest } : { kind: 'uniform', low: 0, high: longest };
}

export function spells(dice: Dice): Spells {
  return { goodUs: round(dice.anySize(1e6, 6e7)), badUs: round(dice.anySize(1e5, 2e7)) };
}

function named(name: string): FaultTarget {
  return { kind: 'named', name };
}

/** To two digits: a person will read it. */
export function round(value: number): number {
  return Number(value.toPrecision(2));
}
