/** How entities and groups look to expressions. One view each serves all evaluations. */
import type { Descriptor, Entity, ResourceState } from '../metamodel/entity.js';

/** Metrics by name without a copy. A Map only because expressions read Maps by `get`. */
export class MetricsView extends Map<string, number> {
  #names: readonly string[] = [];
  #values: readonly number[] | null = null;

  show(names: readonly string[], values: readonly number[] | null): void {
    this.#names = names;
    this.#values = values;
  }

  override get(name: string): number | undefined {
    return this.#values?.[this.#names.indexOf(name)];
  }
}

/** The variable `entity`. Integers are bigint there. */
export class EntityView {
  #entity: Entity | undefined;
  #hostUp = true;
  /** Of each entity's labels: in a Map no name has a meaning of its own, as `constructor` has. */
  readonly #labels = new WeakMap<Descriptor['labels'], ReadonlyMap<string, string>>();
  readonly metrics = new MetricsView();
  readonly #ageUs: (resource: number) => number;

  /** @param ageUs - how old what is known of the resource is */
  constructor(ageUs: (resource: number) => number = () => 0) {
    this.#ageUs = ageUs;
  }

  /** @param metrics the names of the kind's metrics, in the order of the entity's values. */
  show(entity: Entity, metrics: readonly string[], hostUp = true): void {
    this.#entity = entity;
    this.#hostUp = hostUp;
    this.metrics.show(metrics, entity.metrics);
  }

  get name(): string | undefined {
    return this.#entity?.descriptor.name;
  }
  get kind(): string | undefined {
    return this.#entity?.descriptor.kind;
  }
  get host(): string | undefined {
    return this.#entity?.descriptor.host;
  }
  get zone(): string | undefined {
    return this.#entity?.descriptor.zone;
  }
  get labels(): ReadonlyMap<string, string> | undefined {
    const labels = this.#entity?.descriptor.labels;
    if (labels === undefined) return undefined;
    let view = this.#labels.get(labels);
    if (view === undefined) {
      view = new Map(Object.entries(labels));
      this.#labels.set(labels, view);
    }
    return view;
  }
  get state(): string | undefined {
    return this.#entity?.state;
  }
  /** As far as is known: `unknown` and `unreachable` resources are on hosts that are so too. */
  get hostState(): string | undefined {
    const state = this.state;
    return state === undefined || state === 'unknown' || state === 'unreachable' ? state : 'up';
  }
  /** In seconds. */
  get age(): number {
    return this.#entity === undefined ? 0 : this.#ageUs(this.#entity.resource) / 1e6;
  }
  get incarnation(): bigint {
    return BigInt(this.#entity?.incarnation ?? 0);
  }
  get hostUp(): boolean {
    return this.#hostUp;
  }
}

/** As what a member of a group counts: one that is stopping as stopped. */
export type CountedState = Exclude<ResourceState, 'stopping'>;

/** Counts of a group's members by the state that they are in or will be in. */
export interface GroupCounts {
  readonly name: string;
  readonly counts: Readonly<Record<CountedState, number>>;
  /** Over the members that are up and report it; undefined if none does. */
  mean(metric: string): number | undefined;
  sum(metric: string): number | undefined;
}

/** `group.mean` and `group.sum`. */
export class GroupMetricsView extends Map<string, number> {
  read: (metric: string) => number | undefined = () => undefined;

  override get(name: string): number | undefined {
    return this.read(name);
  }
}

/** The variable `group`. */
export class GroupView {
  #group: GroupCounts | undefined;
  readonly mean = new GroupMetricsView();
  readonly sum = new GroupMetricsView();

  show(group: GroupCounts): void {
    this.#group = group;
    this.mean.read = (metric) => group.mean(metric);
    this.sum.read = (metric) => group.sum(metric);
  }

  get name(): string | undefined {
    return this.#group?.name;
  }
  get up(): bigint {
    return BigInt(this.#group?.counts.up ?? 0);
  }
  get starting(): bigint {
    return BigInt(this.#group?.counts.starting ?? 0);
  }
  get stopped(): bigint {
    return BigInt(this.#group?.counts.stopped ?? 0);
  }
  get down(): bigint {
    return BigInt(this.#group?.counts.down ?? 0);
  }
  get unknown(): bigint {
    return BigInt(this.#group?.counts.unknown ?? 0);
  }
  get unreachable(): bigint {
    return BigInt(this.#group?.counts.unreachable ?? 0);
  }
  /** One of the counts, as a number. */
  count(field: string): number {
    const counts = this.#group?.counts;
    if (counts === undefined) return 0;
    if (field !== 'total') return counts[field as CountedState];
    return counts.up + counts.starting + counts.stopped + counts.down + counts.unknown +
      counts.unreachable;
  }
  get total(): bigint {
    return BigInt(this.count('total'));
  }
}
