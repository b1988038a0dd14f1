import { fraction, type Report } from './reports.js';
import type { GlobalRule } from './rule-set.js';
import type { CountedState, GroupCounts } from './views.js';

/** Sums are kept in two parts, of which neither grows too great to be exact. */
const part = 0x1000_0000;

/** The sum of one metric over those that report it. */
interface Sum {
  /** In units of {@link part}. */
  high: number;
  low: number;
  count: number;
}

/** The members of one group of one global rule: counts, sums, candidates. */
export class Group implements GroupCounts {
  readonly rule: GlobalRule;
  readonly name: string;
  /** Which of the rule's groups it is. */
  readonly index: number;
  readonly counts: Record<CountedState, number> = {
    up: 0, starting: 0, stopped: 0, down: 0, unknown: 0, unreachable: 0,
  };
  /** Resources that the rule picks, with the values that order them. */
  readonly candidates = new Map<number, number>();
  /** Whether the condition held when last evaluated, after all that was started then. */
  wanting = false;
  /** How often it has come to hold. */
  occasions = 0;
  /** Who enforced the rule before may have told once more than is known. */
  isHearsay = false;
  /** Whether it awaits evaluation. */
  dirty = false;
  /** As the rule lists its metrics. */
  readonly #sums: readonly Sum[];
  /** Where each of these stands in a report. */
  readonly #places: readonly number[];

  /** @param reported - the names of what members report */
  constructor(
    rule: GlobalRule, name: string, index: number, reported: readonly string[] = rule.groupMetrics,
  ) {
    this.rule = rule;
    this.name = name;
    this.index = index;
    this.#sums = rule.groupMetrics.map(() => ({ high: 0, low: 0, count: 0 }));
    this.#places = rule.groupMetrics.map((metric) => reported.indexOf(metric));
  }

  mean(metric: string): number | undefined {
    const sum = this.#sumOf(metric);
    return sum && sum.count > 0 ? totalOf(sum) / fraction / sum.count : undefined;
  }

  sum(metric: string): number {
    const sum = this.#sumOf(metric);
    return sum === undefined ? 0 : totalOf(sum) / fraction;
  }

  /** A member in `state` joins (`by` 1) or leaves (`by` -1), with what it reports of itself. */
  count(state: CountedState, by: 1 | -1, reported: Report | undefined): void {
    this.counts[state] += by;
    if (state !== 'up' || reported === undefined) return;
    for (let index = 0; index < this.#sums.length; index += 1) {
      const sum = this.#sums[index];
      const value = reported[this.#places[index]];
      if (!Number.isNaN(value)) add(sum, value, by);
    }
  }

  /** A member that goes on in the same state reports something else. */
  recount(state: CountedState, former: Report | undefined, reported: Report | undefined): void {
    if (state !== 'up' || former === undefined || reported === undefined) {
      this.count(state, -1, former);
      this.count(state, 1, reported);
      return;
    }
    for (let index = 0; index < this.#sums.length; index += 1) {
      const place = this.#places[index];
      const [before, after] = [former[place], reported[place]];
      if (before === after) continue;
      const sum = this.#sums[index];
      if (!Number.isNaN(before)) add(sum, before, -1);
      if (!Number.isNaN(after)) add(sum, after, 1);
    }
  }

  #sumOf(metric: string): Sum | undefined {
    return this.#sums[this.rule.groupMetrics.indexOf(metric)];
  }
}

function add(sum: Sum, value: number, by: 1 | -1): void {
  const high = Math.floor(value / part);
  sum.high += by * high;
  sum.low += by * (value - high * part);
  sum.count += by;
}

function totalOf({ high, low }: Sum): number {
  return high * part + low;
}
