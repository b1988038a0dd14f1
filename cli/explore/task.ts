/** What `sim explore` and its workers tell each other; plain data. */
import type { Trial } from './trial.js';

export interface ExploreTask {
  readonly runId: string;
  readonly seed: number;
  /** The scenario to which faults are drawn, fully resolved. */
  readonly base: string;
  readonly plugins: readonly string[];
}

export interface Explored {
  readonly trial: Trial;
  /** How many faults of each kind were drawn. */
  readonly drawn: Readonly<Record<string, number>>;
}
