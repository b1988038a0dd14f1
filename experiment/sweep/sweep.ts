/** A sweep: a grid of scenarios, each run several times. */
import { createHash } from 'node:crypto';
import type { ResolvedScenario } from '../scenario/index.js';

/** A scenario path and the values it takes. */
export interface Axis {
  readonly path: string;
  /** As texts: a column of runs.csv. */
  readonly values: readonly string[];
  /** Of a Morris design: how far along the axis each value stands, from 0 to 1. */
  readonly shares?: readonly number[];
}

/** How the cells of a sweep are chosen from the values of its axes. */
export type Design =
  /** Each combination. */
  | { readonly kind: 'grid' }
  /** The first value of each axis, and each other one alone. */
  | { readonly kind: 'oneAtATime' }
  | { readonly kind: 'latinHypercube'; readonly cells: number }
  | { readonly kind: 'morris'; readonly trajectories: number; readonly levels: number };

/** One point of the grid. */
export interface Cell {
  /** Of each axis, in turn. */
  readonly values: readonly string[];
  /** But for the seed. */
  readonly scenario: ResolvedScenario;
}

/** Replications until a measure's mean is known well enough. */
export interface Precision {
  readonly measure: string;
  /** Of the confidence interval: a share of the mean, or in the measure's own unit. */
  readonly halfWidth: number;
  readonly relative: boolean;
  /** In (0, 1). */
  readonly confidence: number;
  readonly min: number;
  readonly max: number;
}

/** Whole batches of replications until all these measures' means are known well enough. */
export interface Sequential {
  readonly measures: readonly Pick<Precision, 'measure' | 'halfWidth' | 'relative'>[];
  readonly confidence: number;
  /** So many replications are made before anyone looks at them, and between two looks. */
  readonly batch: number;
  readonly max: number;
}

export type Replications = number | Precision | Sequential;

/** Measures that say how many replications are enough. */
export function measuresOf(replications: Replications): readonly string[] {
  if (typeof replications === 'number') return [];
  if ('measure' in replications) return [replications.measure];
  return replications.measures.map(({ measure }) => measure);
}

/** How many each cell has at least, and at most. */
export function extentOf(
  replications: Replications,
): { readonly min: number; readonly max: number } {
  if (typeof replications === 'number') return { min: replications, max: replications };
  const { max } = replications;
  return { min: 'batch' in replications ? replications.batch : replications.min, max };
}

export interface SweepReport {
  /** Undefined: those that most people want. */
  readonly measures: readonly string[] | undefined;
  /** Two measures to be drawn against each other. */
  readonly tradeoff: { readonly x: string; readonly y: string } | undefined;
  /** Measures to be fitted against the logarithm of the axis. */
  readonly trends: readonly string[];
  /** Titles by path. */
  readonly axes: Readonly<Record<string, string>>;
}

/** What a sweep is about, without its scenarios. */
export interface SweepOutline {
  readonly name: string;
  readonly description: string;
  readonly seed: number;
  /** The first varies slowest. */
  readonly axes: readonly Axis[];
  readonly replications: Replications;
  readonly design: Design;
  readonly report: SweepReport;
}

export interface Sweep extends SweepOutline {
  readonly cells: readonly Cell[];
  /** The sweep with its base in it, as YAML: to be run from anywhere. */
  readonly yaml: string;
}

/**
 * The seed of a replication, counted from 1. The same in every cell, so that cells differ by what
 * was varied and not by luck (common random numbers).
 */
export function replicationSeed(sweepSeed: number, replication: number): number {
  const name = `${sweepSeed}/replication/${replication}`;
  return createHash('sha256').update(name).digest().readUIntBE(0, 6);
}

export function scenarioOf(sweep: Sweep, cell: number, replication: number): ResolvedScenario {
  const seed = replicationSeed(sweep.seed, replication);
  return { ...sweep.cells[cell].scenario, seed };
}
