import type { GlobalRule } from './rule-set.js';
import type { CountedState, GroupCounts } from './views.js';

/** Sums are kept in whole millionths: exact, so that the order of changes cannot show in them. */
const fraction = 1e6;

/** The members of one group of one global rule: counts, sums, candidates. */
export class Group implements GroupCounts {
  readonly rule: GlobalRule;
  readonly name: string;
  /** Which of the rule's groups it is. */
  readonly index: number;
  readonly counts: Record<CountedState, number> = { up: 0, starting: 0, stopped: 0, down: 0 };
  /** Resources that the rule picks, with the values that order them. */
  readonly candidates = new Map<number, number>();
  /** Whether the condition held when last evaluated, after all that was started then. */
  wanting = false;
  /** Whether it awaits evaluation. */
  dirty = false;
  readonly #sums: ReadonlyMap<string, { total: bigint; count: number }>;

  constructor(rule: GlobalRule, name: string, index: number) {
    this.rule = rule;
    this.name = name;
    this.index = index;
    this.#sums = new Map(rule.groupMetrics.map((metric) => [metric, { total: 0n, count: 0 }]));
  }

  get isEmpty(): boolean {
    const { up, starting, stopped, down } = this.counts;
    return up + starting + stopped + down === 0;
  }

  mean(metric: string): number | undefined {
    const sum = this.#sums.get(metric);
    return sum && sum.count > 0 ? Number(sum.total) / fraction / sum.count : undefined;
  }

  sum(metric: string): number {
    return Number(this.#sums.get(metric)?.total ?? 0n) / fraction;
  }

  /** A member in `state` joins (`by` 1) or leaves (`by` -1), with what it reports of itself. */
  count(state: CountedState, by: 1 | -1, reported: Report | undefined): void {
    this.counts[state] += by;
    if (state !== 'up' || reported === undefined) return;
    for (const [metric, value] of reported) {
      const sum = this.#sums.get(metric)!;
      sum.total += BigInt(by) * value;
      sum.count += by;
    }
  }
}

/** Metrics of a member, in whole millionths. */
export type Report = ReadonlyMap<string, bigint>;

/** What of `values` a rule's condition may depend on; undefined if nothing. */
export function reportOf(
  rule: GlobalRule, names: readonly string[], values: readonly number[] | null,
): Report | undefined {
  if (values === null || rule.groupMetrics.length === 0) return undefined;
  const report = new Map<string, bigint>();
  for (const metric of rule.groupMetrics) {
    const scaled = Math.round((values[names.indexOf(metric)] ?? NaN) * fraction);
    if (Number.isFinite(scaled)) report.set(metric, BigInt(scaled));
  }
  return report;
}
