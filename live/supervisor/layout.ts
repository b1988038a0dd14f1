import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/**
 * Which OS process hosts which nodes. Managers come first: as many as there can be have one of
 * their own. All other nodes are dealt to the rest in turn.
 */
export class Layout {
  /** The number of OS processes: as the scenario wants, but none without a node. */
  readonly processes: number;
  private readonly nodes: number;
  /** So many managers, the first ones, are alone. */
  private readonly alone: number;

  constructor(
    scenario: Pick<ResolvedScenario, 'live'>, inventory: Pick<Inventory, 'managers' | 'agents'>,
  ) {
    const { managers, agents } = inventory;
    this.nodes = managers + agents;
    this.processes = Math.min(scenario.live.processes, this.nodes);
    const hasRest = this.nodes > this.processes;
    this.alone = Math.min(managers, hasRest ? this.processes - 1 : this.processes);
  }

  processOf(address: Address): number {
    if (address < this.alone) return address;
    return this.alone + ((address - this.alone) % Math.max(1, this.processes - this.alone));
  }

  /** The nodes of an OS process, managers first. */
  nodesOf(process: number): readonly Address[] {
    const all = Array.from({ length: this.nodes }, (_, address) => address);
    return all.filter((address) => this.processOf(address) === process);
  }
}
