/** Measured durations and their statistics. */

/** Nearest-rank quantiles, in seconds. Each is null when there was nothing to measure. */
export interface Statistics {
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** `count` measurements greater than `from_s`, up to and including `to_s`. */
export interface HistogramBin {
  readonly from_s: number;
  readonly to_s: number;
  readonly count: number;
}

/** Up to so many values are kept as they are: 8 MB per measure. */
export const exactLimit = 1 << 20;

/** Values below this have a bin each; above it, so many bins lie between two powers of two. */
const binsPerOctave = 1024;
const octaves = 43;

const microseconds = 1_000_000;

export const noStatistics: Statistics = { mean: null, p50: null, p95: null, p99: null, max: null };

/**
 * Non-negative whole microseconds, below 2^53. Memory is bounded: beyond {@link exactLimit} values
 * they are counted in bins 0.1% wide, and quantiles are the upper ends of their bins; count, mean
 * and maximum stay exact.
 */
export class Samples {
  private values = new Float64Array(64);
  private bins: Float64Array | null = null;
  private total = 0;
  private greatest = 0;
  private sum = 0;

  get count(): number {
    return this.total;
  }

  add(valueUs: number): void {
    if (this.total === exactLimit) this.fold();
    if (this.bins !== null) {
      this.bins[binOf(valueUs)] += 1;
    } else {
      if (this.total === this.values.length) {
        const longer = new Float64Array(this.values.length * 2);
        longer.set(this.values);
        this.values = longer;
      }
      this.values[this.total] = valueUs;
    }
    this.total += 1;
    this.sum += valueUs;
    if (valueUs > this.greatest) this.greatest = valueUs;
  }

  /** In seconds; quantiles are nearest-rank. */
  statistics(): Statistics {
    if (this.total === 0) return noStatistics;
    const quantile = this.quantiles();
    return {
      mean: this.sum / this.total / microseconds,
      p50: quantile(50) / microseconds,
      p95: quantile(95) / microseconds,
      p99: quantile(99) / microseconds,
      max: this.greatest / microseconds,
    };
  }

  /** About `wanted` bins of equal, round width over the range of the values. */
  histogram(wanted: number): HistogramBin[] {
    if (this.total === 0) return [];
    const width = roundUp(this.greatest / wanted);
    const counts: number[] = Array.from({ length: Math.ceil(this.greatest / width) || 1 }, () => 0);
    const put = (valueUs: number, count: number): void => {
      counts[Math.min(counts.length, Math.max(1, Math.ceil(valueUs / width))) - 1] += count;
    };
    if (this.bins !== null) this.bins.forEach((count, bin) => put(upperEnd(bin), count));
    else for (let index = 0; index < this.total; index += 1) put(this.values[index], 1);
    return counts.map((count, index) => ({
      from_s: (index * width) / microseconds,
      to_s: ((index + 1) * width) / microseconds,
      count,
    }));
  }

  private quantiles(): (percent: number) => number {
    const rank = (percent: number): number => Math.ceil((percent * this.total) / 100);
    const { bins } = this;
    if (bins === null) {
      const sorted = this.values.slice(0, this.total).sort();
      return (percent) => sorted[rank(percent) - 1];
    }
    return (percent) => {
      let seen = 0;
      const bin = bins.findIndex((count) => (seen += count) >= rank(percent));
      return Math.min(upperEnd(bin), this.greatest);
    };
  }

  private fold(): void {
    if (this.bins !== null) return;
    const bins = new Float64Array((octaves + 1) * binsPerOctave);
    for (const value of this.values) bins[binOf(value)] += 1;
    this.bins = bins;
    this.values = new Float64Array(0);
  }
}

/** Which of the bins of {@link Samples} a value falls in. */
export function binOf(value: number): number {
  let shift = 0;
  let scaled = value;
  while (scaled >= 2 * binsPerOctave) {
    scaled = Math.floor(scaled / 2);
    shift += 1;
  }
  return shift * binsPerOctave + scaled;
}

/** The least value in a bin. */
export function lowerEnd(bin: number): number {
  return bin === 0 ? 0 : upperEnd(bin - 1) + 1;
}

/** The greatest whole value in a bin. */
export function upperEnd(bin: number): number {
  if (bin < 2 * binsPerOctave) return bin;
  const shift = Math.floor(bin / binsPerOctave) - 1;
  const scaled = bin - shift * binsPerOctave;
  return (scaled + 1) * 2 ** shift - 1;
}

/** The next of 1, 2, 5, 10, 20 ... */
function roundUp(value: number): number {
  let step = 1;
  while (step * 10 < value) step *= 10;
  return [1, 2, 5, 10].map((factor) => factor * step).find((round) => round >= value) ?? step * 10;
}
