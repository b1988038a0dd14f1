/** What every benchmark takes and gives; `main.ts` does the printing. */

export interface BenchOptions {
  /** More sizes, more events, five repetitions instead of three. */
  readonly full: boolean;
  /** Told what is being run, for someone who waits. */
  readonly progress: (what: string) => void;
}

export interface BenchResult {
  readonly name: string;
  /** What was measured and how, in a sentence or two. */
  readonly summary: string;
  readonly columns: readonly BenchColumn[];
  /** One object per line of the table, by column key; may hold more than the columns show. */
  readonly rows: readonly Readonly<Record<string, number | string | null>>[];
  readonly targets: readonly BenchTarget[];
}

export interface BenchColumn {
  readonly key: string;
  readonly title: string;
  /** Digits after the point; 0 when left out. */
  readonly digits?: number;
}

/** What the project has promised, and what came out: null where it could not be measured. */
export type BenchTarget =
  & { readonly what: string; readonly measured: number | null }
  & ({ readonly atLeast: number } | { readonly atMost: number });

export interface Benchmark {
  readonly summary: string;
  readonly run: (options: BenchOptions) => Promise<BenchResult> | BenchResult;
}

/**
 * Seconds of processor time this process has used, on all its threads: the garbage collector and
 * the compiler count, other programs on the machine do not. What yardsticks are compared by.
 */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
