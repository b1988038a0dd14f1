/** Statistics over time of an age: it grows as time passes, and falls when something is told. */
import { binOf, lowerEnd, noStatistics, upperEnd, type Statistics } from './samples.js';

const microseconds = 1_000_000;

/**
 * Whole microseconds, below 2^53. Exact in mean and maximum; quantiles are those over time, to
 * the 0.1% of a bin. Memory is some bytes per bin, however often the age falls.
 */
export class Ages {
  /** How many stretches begin in each bin, less those that end there. */
  private readonly turns = new Map<number, number>();
  /** What the bins at the ends of stretches have, less what they would have in full. */
  private readonly edges = new Map<number, number>();
  private zeroUs = 0;
  private totalUs = 0;
  /** Of the stretches that are over: the integral of the age. */
  private sum = 0;
  private greatest = 0;
  /** The stretch that goes on: the age at its beginning, and by now. */
  private fromUs = 0;
  private toUs = 0;

  /** The age has been growing for `elapsedUs`, of which it was 0 at first if it is less. */
  passed(elapsedUs: number, ageUs: number): void {
    const grownUs = Math.min(elapsedUs, ageUs);
    this.totalUs += elapsedUs;
    this.zeroUs += elapsedUs - grownUs;
    this.greatest = Math.max(this.greatest, ageUs);
    if (ageUs - grownUs !== this.toUs) {
      this.keep();
      this.fromUs = ageUs - grownUs;
    }
    this.toUs = ageUs;
  }

  /** In seconds, of all the time that passed. */
  statistics(): Statistics {
    if (this.totalUs === 0) return noStatistics;
    this.keep();
    this.fromUs = this.toUs;
    const [p50, p95, p99] = this.quantiles([50, 95, 99]);
    return {
      mean: this.sum / this.totalUs / microseconds,
      p50: p50 / microseconds, p95: p95 / microseconds, p99: p99 / microseconds,
      max: this.greatest / microseconds,
    };
  }

  private keep(): void {
    const { fromUs, toUs } = this;
    if (toUs <= fromUs) return;
    this.sum += (toUs - fromUs) * ((toUs + fromUs) / 2);
    const [first, last] = [binOf(fromUs), binOf(toUs)];
    add(this.turns, first, 1);
    add(this.turns, last + 1, -1);
    add(this.edges, first, lowerEnd(first) - fromUs);
    add(this.edges, last, toUs - lowerEnd(last + 1));
  }

  private quantiles(percents: readonly number[]): number[] {
    const bins = [...new Set([...this.turns.keys(), ...this.edges.keys()])].sort((a, b) => a - b);
    let seenUs = this.zeroUs;
    let under = 0;
    let next = 0;
    const found: number[] = [];
    const take = (ageAt: (wantedUs: number) => number, untilUs: number): void => {
      while (next < percents.length && untilUs * 100 >= percents[next] * this.totalUs) {
        found.push(Math.min(this.greatest, ageAt((percents[next] * this.totalUs) / 100)));
        next += 1;
      }
    };
    take(() => 0, seenUs);
    for (const [index, bin] of bins.entries()) {
      under += this.turns.get(bin) ?? 0;
      const own = under * (lowerEnd(bin + 1) - lowerEnd(bin)) + (this.edges.get(bin) ?? 0);
      take(() => upperEnd(bin), seenUs + own);
      seenUs += own;
      // As many stretches go on up to the next bin in which one begins or ends.
      const [fromUs, toUs] = [lowerEnd(bin + 1), lowerEnd(bins[index + 1] ?? bin + 1)];
      const atUs = seenUs;
      const between = under * Math.max(0, toUs - fromUs);
      take((wantedUs) => Math.ceil(fromUs + (wantedUs - atUs) / under), atUs + between);
      seenUs += between;
    }
    return found;
  }
}

function add(sums: Map<number, number>, bin: number, value: number): void {
  sums.set(bin, (sums.get(bin) ?? 0) + value);
}
