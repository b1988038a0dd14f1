import type { ObservationSink } from '../../core/observations.js';
import type { RuleSet } from '../../core/rules/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { Bounds } from '../bounds/index.js';
import type { Health } from '../health/index.js';

/** Where an invariant broke first. */
export interface Break {
  readonly timeUs: number;
  /** A sentence for the user, with the names of those concerned. */
  readonly explanation: string;
}

/** Something that must always (safety) or in due time (liveness) be so. Fed after the health. */
export interface Invariant extends ObservationSink {
  readonly name: string;
  readonly description: string;
  /** It is about times or health: not to be judged where processes stood still for too long. */
  readonly isTimed?: boolean;
  /** The first break; null while it holds. */
  readonly broken: Break | null;
  /** Called once, when the run ends at `timeUs`. */
  finish?(timeUs: number): void;
}

/** What an invariant may look at besides the observations. */
export interface InvariantContext {
  readonly inventory: Inventory;
  readonly bounds: Bounds;
  readonly scenario: ResolvedScenario;
  /** The scenario's. */
  readonly rules: RuleSet;
  /** Has seen an observation before the invariant does; invariants may listen to it. */
  readonly health: Health;
}

/** How an invariant is offered to scenarios. */
export interface InvariantEntry {
  readonly name: string;
  /** What must be so, in one sentence. */
  readonly description: string;
  /**
   * It judges by the very instants of what happened: not in a world that can hold processes up
   * without telling.
   */
  readonly exact?: boolean;
  create(context: InvariantContext): Invariant;
}
