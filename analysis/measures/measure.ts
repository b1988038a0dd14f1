import type { Observation, ObservationType } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Bounds } from '../../checker/bounds/index.js';
import type { Health } from '../../checker/health/index.js';
import type { Invariant } from '../../experiment/invariant.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { MessageCounters, RunResult } from '../../experiment/world.js';
import type { Tree, ValuesOf } from './fields.js';

/** What a measure may look at. */
export interface MeasureContext {
  readonly scenario: ResolvedScenario;
  readonly inventory: Inventory;
  readonly bounds: Bounds;
  /** Measures may listen to it too. */
  readonly health: Health;
  readonly invariants: readonly Invariant[];
  /** The world's own counters, which it updates in place; null: nothing was told of them yet. */
  readonly counters: () => MessageCounters | null;
  /** Another measure of the same run, which is told of everything before the one that asks. */
  readonly of: <Own>(kind: MeasureKind<Own>) => Own;
}

/** Follows one run, in bounded memory. */
export interface AnyMeasure {
  /** What {@link observe} is told of. Left out: nothing. */
  readonly hears?: readonly ObservationType[];
  /** Told before the truth is, which shows what has held since the observation before. */
  observe?(timeUs: number, process: Address, observation: Observation): void;
  /** Time goes on to that instant, and nothing has changed since the last; the health follows. */
  advance?(timeUs: number): void;
  /** Likewise; the health has followed. */
  advanced?(timeUs: number): void;
  /** The warm-up ended at its time, and that is told of at `nowUs`. */
  begin?(warmUpUs: number, nowUs: number): void;
  /** A row of the time series is due. */
  sample?(timeUs: number, counters: MessageCounters): void;
  /** The run is over. */
  finish?(result: RunResult): void;
  /** Its part of the summary, of a run that is over. */
  summary(result: RunResult): unknown;
}

export interface Measure<Fields> extends AnyMeasure {
  summary(result: RunResult): ValuesOf<Fields>;
}

/** What can be measured: what is said of it, and how to follow it. */
export interface MeasureKind<Own, Fields = unknown> {
  readonly fields: Fields;
  readonly create: (context: MeasureContext) => Own;
}

/** @param fields - its part of summary.json, from the top */
export function measure<Fields extends Tree, Own extends Measure<Fields>>(
  fields: Fields, create: (context: MeasureContext) => Own,
): MeasureKind<Own, Fields> {
  return { fields, create };
}
