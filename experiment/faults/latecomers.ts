/** Who is not there when a run begins: what entries of `faults` let come first, and go later. */
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import type { FaultTarget } from '../language/targets.js';
import { kindOf } from './kinds/index.js';
import type { FaultSettings } from './settings.js';
import { TargetResolver, targetsOf, type Victims } from './targets.js';

export interface Latecomers {
  readonly processes: ReadonlySet<Address>;
  /** All of the hosts among these, and others. */
  readonly resources: ReadonlySet<number>;
}

/** Whoever is drawn is there. */
function knownAhead({ action }: Pick<FaultSettings, 'action'>): FaultTarget[] {
  return targetsOf(action).filter((target) => 'name' in target || 'index' in target);
}

const all = {
  process: () => true, resource: () => true, coordinator: () => -1, concerned: () => -1,
  load: () => 0,
};

export function latecomers(faults: readonly FaultSettings[], inventory: Inventory): Latecomers {
  const processes = new Set<Address>();
  const resources = new Set<number>();
  const entries = faults.flatMap(({ action, when }) => {
    const kind = action.kind === 'from-plugin' ? null : kindOf(action);
    const presence = kind !== null && 'presence' in kind ? kind.presence : undefined;
    return presence === undefined || when.kind !== 'at' ? [] : [{ presence, when, action }];
  }).sort((one, other) => one.when.atUs - other.when.atUs);
  if (!entries.some(({ presence }) => presence === 'begins')) return { processes, resources };
  const resolver = new TargetResolver(inventory, entries.flatMap(knownAhead));
  const met: Victims = { processes: new Set(), resources: new Set() };
  for (const { presence, action } of entries) {
    const now: Victims = { processes: new Set(), resources: new Set() };
    for (const target of knownAhead({ action })) resolver.resolve(target, all, () => 0, now);
    for (const process of now.processes) {
      const isLate = presence === 'begins' && !met.processes.has(process);
      if (isLate) processes.add(process);
      for (const resource of inventory.resourcesOf(process)) {
        // What an earlier entry has to do with cannot have been there without its host.
        if (isLate) resources.add(resource);
        now.resources.add(resource);
      }
      met.processes.add(process);
    }
    for (const resource of now.resources) {
      if (presence === 'begins' && !met.resources.has(resource)) resources.add(resource);
      met.resources.add(resource);
    }
  }
  return { processes, resources };
}
