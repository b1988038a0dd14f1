/** Faults of the user's own. */
import type { Configurable } from '../../core/configured.js';
import type { Address } from '../../core/process.js';
import type { FaultControls } from '../world.js';

/** Whom a fault hits, decided before it begins. */
export interface FaultAim {
  /** In words, for reports. */
  readonly target: string;
  /** Processes that it takes away; both empty: it hits links. */
  readonly processes: readonly Address[];
  readonly resources: readonly number[];
}

/** Who is there, as the inventory of the run has it. */
export interface FaultInventory {
  /** Addresses 0 to managers - 1 are managers, the next `agents` agents. */
  readonly managers: number;
  readonly agents: number;
  readonly zones: readonly string[];
  readonly zoneOf: Uint16Array;
  readonly resources: number;
  readonly agentOf: Int32Array;
  resourcesOf(address: Address): readonly number[];
  processName(address: Address): string;
}

/** What a fault can see and do. */
export interface FaultWorld {
  readonly controls: Omit<FaultControls, 'report' | 'schedule'>;
  readonly inventory: FaultInventory;
  /** Who coordinates now, by the truth; -1: nobody. */
  coordinator(): Address;
}

/** One entry of `faults`; it may strike again before it has ended. */
export interface PluginFault {
  /**
   * Null: there is nobody to hit; the strike is counted as skipped.
   *
   * @param next - uniform draws in [0, 1), this strike's own
   */
  aim(next: () => number): FaultAim | null;
  begin(aim: FaultAim): void;
  /** Its `repairAfter` is over, or all faults are healed: undo what is still undone. */
  end(aim: FaultAim): void;
}

export interface FaultImplementation<Settings = unknown> extends Configurable<Settings> {
  /** Called once per run and entry of `faults`. */
  create(settings: Settings, world: FaultWorld): PluginFault;
  /**
   * Settings as a scenario would write them, for one strike in an exploration; without it `sim
   * explore` never draws this fault. Like `aim`, it should come to the same whatever else strikes.
   *
   * @param next - uniform draws in [0, 1), this strike's own
   */
  draw?(next: () => number): Readonly<Record<string, unknown>>;
}
