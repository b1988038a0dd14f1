/**
 * How sure parameters are where durations of one node go together: by leaving out a group of nodes
 * at a time (Kott, "The delete-a-group jackknife", Journal of Official Statistics 17, 2001).
 */
import exp from '@stdlib/math-base-special-exp';
import ln from '@stdlib/math-base-special-ln';
import type { Duration } from '../statistics/kaplan-meier.js';
import { studentQuantile } from '../statistics/student.js';
import { fitLaw, type LawName, type Parameter } from './laws.js';
import { sampleOf, type Sample } from './sample.js';

/** More tell hardly more. */
const MOST_GROUPS = 30;
/** Fewer nodes show too little of how they differ. */
const FEWEST_NODES = 10;

/** The sample without one group of nodes, for each of them; null: too few nodes. */
export function withoutEach(
  durations: readonly Duration[], nodes: readonly number[],
): Sample[] | null {
  const distinct = [...new Set(nodes)].sort((a, b) => a - b);
  if (distinct.length < FEWEST_NODES) return null;
  const groups = Math.min(MOST_GROUPS, distinct.length);
  const groupOf = new Map(distinct.map((node, place) => [node, place % groups]));
  return Array.from({ length: groups }, (_, group) =>
    sampleOf(durations.filter((__, index) => groupOf.get(nodes[index]) !== group)));
}

/** With intervals that count groups of nodes; null where a law cannot be fitted without one. */
export function clustered(
  name: LawName, parameters: readonly Parameter[], without: readonly Sample[], confidence: number,
): Parameter[] | null {
  const fits = without.map((sample) => fitLaw(name, sample)?.parameters(1));
  if (fits.some((fit) => fit === undefined)) return null;
  const groups = without.length;
  const t = studentQuantile((1 + confidence) / 2, groups - 1);
  return parameters.map((one, place) => {
    // All of them are positive, and their logarithms nearer to normal.
    const logs = fits.map((fit) => ln(fit![place].value));
    const mean = logs.reduce((sum, log) => sum + log, 0) / groups;
    const squares = logs.reduce((sum, log) => sum + (log - mean) * (log - mean), 0);
    const off = t * Math.sqrt((squares * (groups - 1)) / groups);
    return { ...one, lower: one.value * exp(-off), upper: one.value * exp(off) };
  });
}
