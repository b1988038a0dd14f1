import type { Descriptor } from '../metamodel/entity.js';
import type { Context } from './expression.js';
import type { Rule } from './rule-set.js';
import { EntityView, MetricsView } from './views.js';
import { states } from './vocabulary.js';

/** Whether there is anything among entities so described that the rule could speak of. */
export function concerns(rule: Rule, descriptors: readonly Descriptor[]): boolean {
  const view = new EntityView();
  return descriptors.some((descriptor) => {
    if (!rule.kinds.includes(descriptor.kind)) return false;
    if (rule.scope === 'local') return true;
    view.show({ resource: 0, descriptor, state: 'up', incarnation: 0, metrics: null }, []);
    return rule.group({ entity: view }) !== null;
  });
}

/**
 * Whether any of all the entities there are, whatever becomes of them, can be one that the rule
 * acts on: that a local rule's condition holds of, or a global one picks.
 */
export function canApply(rule: Rule, descriptors: readonly Descriptor[]): boolean {
  const { act } = rule;
  const own = descriptors.filter(({ kind }) => rule.kinds.includes(kind));
  if (rule.scope === 'local') return canHold((entity) => rule.when(entity), own);
  return !('pick' in act) || canHold((entity) => act.pick(entity), own);
}

class AskedMetrics extends MetricsView {
  readonly #onAsked: () => void;

  constructor(onAsked: () => void) {
    super();
    this.#onAsked = onAsked;
  }

  override get(name: string): number | undefined {
    this.#onAsked();
    return super.get(name);
  }
}

/** Of what grows without end nobody can try all values: whoever asks for it may find one. */
class AskedView extends EntityView {
  asked = false;
  override readonly metrics = new AskedMetrics(() => {
    this.asked = true;
  });

  override get incarnation(): bigint {
    this.asked = true;
    return super.incarnation;
  }
}

function canHold(test: (of: Context) => boolean, descriptors: readonly Descriptor[]): boolean {
  const view = new AskedView();
  for (const descriptor of descriptors) {
    for (const state of states) {
      for (const hostUp of [true, false]) {
        view.show({ resource: 0, descriptor, state, incarnation: 1, metrics: null }, [], hostUp);
        if (test({ entity: view }) || view.asked) return true;
      }
    }
  }
  return false;
}
