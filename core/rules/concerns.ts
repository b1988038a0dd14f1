import { states, type Descriptor } from '../metamodel/entity.js';
import type { Context } from './expression.js';
import type { Rule } from './rule-set.js';
import { EntityView, MetricsView } from './views.js';

/** Whether there is anything among entities so described that the rule could speak of. */
export function concerns(rule: Rule, descriptors: Iterable<Descriptor>): boolean {
  return someOf(rule, descriptors, (view, descriptor) => {
    if (rule.scope === 'local') return true;
    view.show({ resource: 0, descriptor, state: 'up', incarnation: 0, metrics: null }, []);
    return rule.group({ entity: view }) !== null;
  });
}

/**
 * Whether any of all the entities there are, whatever becomes of them, can be one that the rule
 * acts on: that a local rule's condition holds of, or a global one picks.
 */
export function canApply(rule: Rule, descriptors: Iterable<Descriptor>): boolean {
  if (rule.scope === 'local') return canHold(rule, descriptors, (entity) => rule.when(entity));
  const { act } = rule;
  return !('pick' in act) || canHold(rule, descriptors, (entity) => act.pick(entity));
}

/** So many are tried where each has to be; then there may be one. */
const mostTried = 10_000;

/**
 * Whether the test holds of one that is of the rule's kinds. Of those alike in kind, zone and
 * labels one is tried, unless the test asked what no two have alike.
 */
function someOf(
  { kinds }: Rule, descriptors: Iterable<Descriptor>,
  test: (view: AskedView, descriptor: Descriptor) => boolean,
): boolean {
  const view = new AskedView();
  const alike = new Map<Descriptor['labels'], Set<string>>();
  let tried = 0;
  for (const descriptor of descriptors) {
    const { kind, zone, labels } = descriptor;
    if (!kinds.includes(kind)) continue;
    const known = alike.get(labels) ?? new Set();
    alike.set(labels, known);
    const key = `${kind}\n${zone}`;
    if (known.has(key)) continue;
    tried += 1;
    view.askedWho = false;
    if (tried > mostTried || test(view, descriptor)) return true;
    if (!view.askedWho) known.add(key);
  }
  return false;
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

class AskedView extends EntityView {
  /** Of what grows without end nobody can try all values: whoever asks for it may find one. */
  asked = false;
  askedWho = false;
  override readonly metrics = new AskedMetrics(() => {
    this.asked = true;
  });

  override get incarnation(): bigint {
    this.asked = true;
    return super.incarnation;
  }
  override get age(): number {
    this.asked = true;
    return super.age;
  }
  override get name(): string | undefined {
    this.askedWho = true;
    return super.name;
  }
  override get host(): string | undefined {
    this.askedWho = true;
    return super.host;
  }
}

function canHold(
  rule: Rule, descriptors: Iterable<Descriptor>, test: (of: Context) => boolean,
): boolean {
  return someOf(rule, descriptors, (view, descriptor) =>
    states.some((state) => [true, false].some((hostUp) => {
      view.show({ resource: 0, descriptor, state, incarnation: 1, metrics: null }, [], hostUp);
      return test({ entity: view }) || view.asked;
    })));
}
