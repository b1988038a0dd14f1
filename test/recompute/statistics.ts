/** Nearest-rank quantiles, by the words of docs/measuring.md. */

export interface Statistics {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

const nothing: Statistics = { mean: null, p50: null, p95: null, p99: null, max: null };

/** Of durations in microseconds, in seconds. */
export function statistics(us: readonly number[]): Statistics {
  if (us.length === 0) return nothing;
  const sorted = [...us].sort((a, b) => a - b);
  const rank = (percent: number): number =>
    sorted[Math.ceil((percent * sorted.length) / 100) - 1] / 1e6;
  return {
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length / 1e6,
    p50: rank(50), p95: rank(95), p99: rank(99), max: rank(100),
  };
}

/** Stretches of time in which an age grew as time did, from 0 at first where it was less. */
export class Stretches {
  readonly #grown: { readonly least: number; most: number }[] = [];
  #zeroUs = 0;

  /** @param ageUs - at its end; negative: it will be 0 for so much longer */
  add(lastedUs: number, ageUs: number): void {
    const most = Math.max(0, ageUs);
    const least = Math.max(0, most - lastedUs);
    this.#zeroUs += lastedUs - (most - least);
    if (most === 0) return;
    const last = this.#grown.at(-1);
    if (last !== undefined && last.most === least) last.most = most;
    else this.#grown.push({ least, most });
  }

  /** Over time: at each instant of it the age is what it is then. */
  statistics(): Statistics {
    const grown = this.#grown;
    const totalUs = grown.reduce((sum, { least, most }) => sum + most - least, this.#zeroUs);
    if (totalUs === 0) return nothing;
    const area = grown.reduce((sum, { least, most }) => sum + (most ** 2 - least ** 2) / 2, 0);
    const turns = grown.flatMap(({ least, most }) => [[least, 1], [most, -1]] as const)
      .sort(([a], [b]) => a - b);
    const quantile = (percent: number): number => {
      const wanted = (percent * totalUs) / 100;
      let [seen, under, at] = [this.#zeroUs, 0, 0];
      if (seen >= wanted) return 0;
      for (const [age, step] of turns) {
        if (seen + under * (age - at) >= wanted) return (at + (wanted - seen) / under) / 1e6;
        seen += under * (age - at);
        under += step;
        at = age;
      }
      return at / 1e6;
    };
    return {
      mean: area / totalUs / 1e6, p50: quantile(50), p95: quantile(95), p99: quantile(99),
      max: grown.reduce((greatest, { most }) => Math.max(greatest, most), 0) / 1e6,
    };
  }
}
