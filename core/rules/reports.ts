/** What the members of groups measure, as far as global rules read means or sums of it. */
import type { RuleSet } from './rule-set.js';

/** Metrics in whole millionths, so that sums are exact and the order of changes cannot show. */
export const fraction = 1e6;

/** In the order of {@link Reports.names}; NaN: it does not report that. */
export type Report = readonly number[];

/** One for all rules: they read the same of a resource, mostly. */
export class Reports {
  /** Of the metrics, each once. */
  readonly names: readonly string[];
  readonly #reports = new Map<number, number[]>();
  /** By kind: where each stands among what a resource of that kind measures. */
  readonly #places: ReadonlyMap<string, readonly number[]>;
  readonly #read: number[];

  constructor({ rules, metricsOf }: RuleSet) {
    const read = rules.flatMap((rule) => rule.scope === 'global' ? rule.groupMetrics : []);
    this.names = [...new Set(read)];
    this.#places = new Map(Array.from(metricsOf, ([kind, metrics]) =>
      [kind, this.names.map((name) => metrics.indexOf(name))]));
    this.#read = this.names.map(() => NaN);
  }

  of(resource: number): Report | undefined {
    return this.#reports.get(resource);
  }

  /** What `values` say; to be kept, or forgotten, before the next is read. */
  read(kind: string, values: readonly number[] | null): Report | undefined {
    const places = this.#places.get(kind);
    if (values === null || places === undefined || places.length === 0) return undefined;
    const read = this.#read;
    for (let index = 0; index < places.length; index += 1) {
      const scaled = Math.round((values[places[index]] ?? NaN) * fraction);
      read[index] = Number.isFinite(scaled) ? scaled : NaN;
    }
    return read;
  }

  /** The former one is written over. */
  keep(resource: number, report: Report | undefined): void {
    const former = this.#reports.get(resource);
    if (report === undefined) {
      if (former !== undefined) this.#reports.delete(resource);
    } else if (former === undefined) {
      this.#reports.set(resource, [...report]);
    } else {
      for (let index = 0; index < former.length; index += 1) former[index] = report[index];
    }
  }

  delete(resource: number): void {
    this.#reports.delete(resource);
  }

  clear(): void {
    this.#reports.clear();
  }
}
