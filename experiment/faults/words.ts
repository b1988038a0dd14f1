import type { Inventory } from '../inventory.js';
import type { FaultAction } from '../scenario/resolved.js';
import type { Victims } from './targets.js';

/** So many are named; the rest is counted. */
const NAMED = 8;

/** Whom or what a fault hits, for people. */
export function describeTarget(
  action: FaultAction,
  victims: Victims,
  inventory: Inventory,
): string {
  switch (action.kind) {
    case 'partition':
      return action.groups
        .map((group) => group.map((zone) => inventory.zones[zone]).join(', '))
        .join(' | ');
    case 'loss':
      return `${Number((action.share * 100).toPrecision(6))}%`;
    case 'heal':
      return 'all';
    case 'plugged':
      return action.name;
    case 'crash':
    case 'restart':
    case 'clock':
    case 'slow':
    case 'pause':
    case 'leave': {
      const names: string[] = [];
      const total = victims.processes.size + victims.resources.size;
      for (const address of victims.processes) {
        if (names.length < NAMED) names.push(inventory.processName(address));
      }
      for (const resource of victims.resources) {
        if (names.length < NAMED) names.push(inventory.descriptor(resource).name);
      }
      const more = total - names.length;
      return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
    }
  }
}
