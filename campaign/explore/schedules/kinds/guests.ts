/** Faults of plugins that say how they are drawn. */
import type { Registry } from '../../../../experiment/plugins.js';
import { plug } from '../../../../experiment/scenario/from-plugins.js';
import type { DrawnKind } from './kind.js';

export function guestKinds({ faults }: Pick<Registry, 'faults'>): DrawnKind[] {
  return [...faults].flatMap(([name, implementation]) => {
    if (implementation.draw === undefined) return [];
    return [{
      name,
      draw: ({ dice }) => {
        const given = implementation.draw!(() => dice.next());
        return { kind: 'from-plugin', ...plug(name, given, faults, ['faults', name]) };
      },
    } satisfies DrawnKind];
  });
}
