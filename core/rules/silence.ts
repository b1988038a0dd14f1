import type { Descriptor } from '../metamodel/entity.js';
import type { Silence } from './brake-settings.js';
import type { Brake, GateOutlets, Held } from './gate.js';
import type { Order } from './order.js';

/** Resources of the same label `group` are one, whatever the rules' own groups are. */
export function placeOf(over: 'host' | 'zone' | 'group', of: Descriptor): string | undefined {
  return over === 'group' ? of.labels['group'] : of[over];
}

export class Silences implements Brake {
  readonly #silences: readonly Silence[];
  readonly #outlets: GateOutlets;

  constructor(silences: readonly Silence[], outlets: GateOutlets) {
    this.#silences = silences;
    this.#outlets = outlets;
  }

  hold({ resource }: Order, nowUs: number): Held | null {
    const descriptor = this.#outlets.descriptor(resource);
    if (descriptor === undefined) return null;
    let untilUs = 0;
    for (const { over, name, ...time } of this.#silences) {
      const isIn = nowUs >= time.fromUs && nowUs < time.untilUs;
      if (isIn && placeOf(over, descriptor) === name) untilUs = Math.max(untilUs, time.untilUs);
    }
    return untilUs === 0 ? null : { cause: 'silence', untilUs, elsewhere: true };
  }
}
