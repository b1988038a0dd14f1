import type { RuleSet } from '../../core/rules/index.js';
import type { InvariantImplementation } from '../../experiment/invariant.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import type { Bounds } from '../bounds/index.js';
import type { Health } from '../health/index.js';

/** What an invariant may look at besides the observations. */
export interface InvariantContext {
  /** Its own, as the scenario names it. */
  readonly name: string;
  readonly inventory: Inventory;
  readonly bounds: Bounds;
  readonly scenario: ResolvedScenario;
  /** The scenario's. */
  readonly rules: RuleSet;
  /** Has seen an observation before the invariant does; invariants may listen to it. */
  readonly health: Health;
}

/** How an invariant is offered to scenarios, by those that come along and by plugins alike. */
export type InvariantOffer<Settings = unknown> =
  InvariantImplementation<Settings, InvariantContext>;
