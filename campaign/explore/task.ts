/** What `sim explore` and its workers tell each other; plain data. */
import type { Base } from './planner.js';
import type { Spent } from './time-spent.js';
import type { Trial } from './trial.js';

export interface ExploreTask {
  readonly runId: string;
  readonly seed: number;
  readonly base: Base;
  readonly plugins: readonly string[];
}

export interface Explored {
  readonly trial: Trial;
  /** How many faults of each kind were drawn. */
  readonly drawn: Readonly<Record<string, number>>;
  /** Which settings were drawn, and which choice of each. */
  readonly settings: Readonly<Record<string, string>>;
  readonly situations: readonly string[];
  readonly spent: Spent;
}
