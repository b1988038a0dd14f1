import type { Inventory } from '../../../../experiment/inventory.js';
import type {
  FaultAction, FaultSettings, Phase, ResolvedScenario,
} from '../../../../experiment/scenario/resolved.js';
import type { Dice } from '../dice.js';

/** Of what a draw is made. */
export interface Material {
  readonly scenario: ResolvedScenario;
  readonly inventory: Inventory;
  readonly dice: Dice;
}

/** When a drawn fault strikes first, and when none strikes any more. */
export interface Span {
  readonly atUs: number;
  readonly untilUs: number;
}

/**
 * Of what a setting makes no difference without certain faults: what rules do and what holds them
 * back, above all on the same again (waits), who keeps what is registered, who is given what.
 */
export type Topic = 'rules' | 'waits' | 'inventory' | 'loads';

/** A kind of fault as exploration draws it. */
export interface DrawnKind {
  readonly name: string;
  /** How much less often than others it is among those of a seed; default: 1. */
  readonly weight?: number;
  /** So many faults of it a seed has at most; default: 8. */
  readonly most?: number;
  /** Whether rules, and not the fault itself, may have to repair it. */
  readonly lasting?: true;
  /** While it is there, recovery is promised by no bound: afterwards only. */
  readonly unpromised?: true;
  /** What it is that makes most of this: seeds that draw settings of it have this kind too. */
  readonly topic?: Topic;
  /** It strikes when such a phase begins next. */
  readonly waitsFor?: Phase;
  /** Null: this system has nothing of the sort. */
  draw(material: Material): FaultAction | null;
  /** Instead of once, for a while that is drawn. */
  course?(material: Material, span: Span): Partial<Omit<FaultSettings, 'action'>>;
}
