import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';

/**
 * Which OS process hosts which nodes: nodes are dealt to them in turn, by address, so that each has
 * its share of managers and of agents. The hosts of one OS process live, stop and die together.
 */
export class Layout {
  /** The number of OS processes: as the scenario wants, but none without a node. */
  readonly processes: number;
  private readonly nodes: number;

  constructor(scenario: Pick<ResolvedScenario, 'live'>, inventory: Inventory) {
    this.nodes = inventory.managers + inventory.agents;
    this.processes = Math.min(scenario.live.processes, this.nodes);
  }

  processOf(address: Address): number {
    return address % this.processes;
  }

  /** The nodes of an OS process, managers first. */
  nodesOf(process: number): readonly Address[] {
    const addresses: Address[] = [];
    for (let address = process; address < this.nodes; address += this.processes) {
      addresses.push(address);
    }
    return addresses;
  }
}
