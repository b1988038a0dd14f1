/** Most of all at once: up to all managers but one, which stay away or come back together. */
import type { FaultAction } from '../../../../experiment/scenario/resolved.js';
import type { DrawnKind, Material } from './kind.js';
import { coordinator, crash, hasHosts, managersBy, someHosts } from './whom.js';

const weight = 0.25;
const most = 2;

/** From some to all but one, the coordinator among them half of the time. */
function mostManagers(of: Material): FaultAction | null {
  const { inventory: { managers }, dice } = of;
  if (managers < 2) return null;
  const gone = dice.chance(0.3) ? managers - 1 : dice.integer(1, managers - 1);
  if (dice.chance(0.5)) {
    const next = { kind: 'successors', count: gone - 1 } as const;
    return crash(coordinator, ...(gone > 1 ? [next] : []));
  }
  return crash(...managersBy(of, gone));
}

export const massKinds: readonly DrawnKind[] = [
  { name: 'most managers crash', weight, most, draw: mostManagers },
  {
    name: 'most managers crash for long',
    weight,
    most: 1,
    draw: mostManagers,
    course: () => ({ repair: null }),
  },
  {
    name: 'all managers restart',
    weight,
    most,
    draw: (of) => {
      const { managers } = of.inventory;
      return { kind: 'restart', targets: managersBy(of, managers) };
    },
  },
  {
    name: 'many hosts crash',
    weight,
    most,
    draw: (of) => hasHosts(of) ? crash(...someHosts(of, of.inventory.agents)) : null,
  },
];
