/** How agents find the managers: what a search for one depends on. */
import { alternatesKept, type Outlook } from '../core/coordination/index.js';
import type { Inventory } from '../experiment/inventory.js';
import type { FaultSettings, ResolvedScenario } from '../experiment/scenario/resolved.js';
import type { Truth } from './truth/index.js';

/** Of a scenario's many ways to lose so many managers, so many are tried: the worst is near one. */
const splitsTried = 16;

/** As things are now: one for each zone and side of a cut, but alike ones once. */
export function outlooksNow(
  { managers, agents, zones, zoneOf, managersByZone }: Inventory,
  { processes, reachability }: Truth,
  seeds = managers,
): Outlook[] {
  const { length } = zones;
  // By component: how many of those live that agents know from their start, and of others.
  const live = new Map<number, number>();
  const others = new Map<number, number>();
  const liveNear = new Map<number, number>();
  const one = (counts: Map<number, number>, key: number): unknown =>
    counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let manager = 0; manager < managers; manager += 1) {
    if (!processes.isLive(manager)) continue;
    const component = reachability.componentOf(manager);
    one(manager < seeds ? live : others, component);
    if (manager < seeds) one(liveNear, component * length + zoneOf[manager]);
  }
  const found = new Map<string, Outlook>();
  // The first agents stand for all, one in each zone, unless a cut divides zones.
  const looked = reachability.isByHosts ? agents : Math.min(agents, length);
  for (let agent = managers; agent < managers + looked; agent += 1) {
    const component = reachability.componentOf(agent);
    const zone = zoneOf[agent];
    const all = live.get(component) ?? 0;
    const othersLive = others.get(component) ?? 0;
    // Nobody is promised anything where there is no manager.
    if (all + othersLive === 0) continue;
    const heard = heardOf(managers - seeds - othersLive);
    const nearLive = liveNear.get(component * length + zone) ?? 0;
    const near = managersByZone[zone].filter((manager) => manager < seeds).length;
    const far = seeds - near + heard;
    const outlook = { near, far, nearGone: near - nearLive, farGone: far - (all - nearLive) };
    found.set(Object.values(outlook).join(), outlook);
  }
  return [...found.values()];
}

/** Those that an agent has heard of lately, besides its seeds, may be gone as well. */
function heardOf(gone: number): number {
  return Math.min(alternatesKept, gone);
}

/** None of the managers that agents know from their start can be asked. */
export function isForlorn({ near, far, nearGone, farGone }: Outlook): boolean {
  return nearGone + farGone >= near + far;
}

/**
 * While one of these faults lasts: so many managers are gone, or a cut keeps others away.
 *
 * @param seeds - how many managers agents know from their start
 */
export function outlooksBehind(
  faults: readonly FaultSettings[], system: ResolvedScenario['system'], gone: number,
  seeds = system.managers,
): Outlook[] {
  if (seeds < system.managers) {
    const heard = heardOf(Math.min(gone, system.managers - seeds));
    const known = outlooksBehind(faults, { ...system, managers: seeds }, Math.min(gone, seeds));
    return known.map(({ near, far, nearGone, farGone }) =>
      ({ near, far: far + heard, nearGone, farGone: farGone + heard }));
  }
  const { managers, zones } = system;
  const found = outlooksOf(system, gone);
  const near = Math.floor(managers / zones.length);
  for (const { action } of faults) {
    if ('groups' in action) {
      const least = Math.min(...action.groups.map((group) => group.length));
      const farGone = managers - least * near;
      found.push({ near, far: managers - near, nearGone: 0, farGone });
    } else if ('cut' in action) {
      // Whoever is cut off from all may be so with a single manager.
      found.push(...outlooksOf(system, managers - 1));
    }
  }
  return found;
}

/** Where so many managers are gone, whichever these are. */
function outlooksOf({ managers, zones }: ResolvedScenario['system'], gone: number): Outlook[] {
  const near = Math.ceil(managers / zones.length);
  const far = managers - near;
  const fewest = Math.max(0, gone - far);
  const most = Math.min(near, gone);
  return Array.from({ length: splitsTried + 1 }, (_, step) => {
    const nearGone = Math.round(fewest + ((most - fewest) * step) / splitsTried);
    return { near, far, nearGone, farGone: gone - nearGone };
  });
}
