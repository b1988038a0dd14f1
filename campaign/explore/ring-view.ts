import type { ManagerProcess } from '../../core/coordination/index.js';
import type { NodeId } from '../../core/identity.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import { sideLength } from '../../core/overlay/index.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { PooledProcesses } from '../../sim/index.js';

/** The ring as it is beside the ring as its nodes believe it to be. */
export class RingView implements ObservationSink {
  readonly #inventory: Inventory;
  readonly #up = new Map<Address, { readonly node: NodeId; readonly process: ManagerProcess }>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  /** The same processes; managers are kept in sight. */
  around(processes: PooledProcesses): PooledProcesses {
    return {
      ...processes,
      manager: (environment, generation) => {
        const process = processes.manager(environment, generation);
        const { address } = environment;
        this.#up.set(address, { node: this.#inventory.nodeId(address, generation), process });
        return process;
      },
    };
  }

  /** Undefined: it is not up. */
  process(manager: Address): ManagerProcess | undefined {
    return this.#up.get(manager)?.process;
  }

  observe(_timeUs: number, process: Address, { type }: Observation): void {
    if (type === 'process-down') this.#up.delete(process);
  }

  /** Of a manager that lacks neighbours or takes the gone for such, in words; null: of none. */
  flaw(): string | null {
    const ring = [...this.#up].sort(([, a], [, b]) => a.node < b.node ? -1 : 1);
    const each = Math.min(sideLength, ring.length - 1);
    for (const [place, [address, { process }]] of ring.entries()) {
      const wanted = new Set<Address>();
      for (let step = 1; step <= each; step += 1) {
        wanted.add(ring[(place + step) % ring.length][0]);
        wanted.add(ring.at(place - step)![0]);
      }
      const has = new Set(process.leafSet);
      const names = (addresses: Iterable<Address>): string => {
        const all = [...addresses].map((one) => this.#inventory.processName(one));
        return all.join(', ') || 'none';
      };
      const lacks = [...wanted].filter((one) => !has.has(one));
      const gone = [...has].filter((one) => !this.#up.has(one));
      if (lacks.length + gone.length === 0) continue;
      return `the leaf set of ${names([address])} lacks ${names(lacks)}; of those in it, ` +
        `are gone: ${names(gone)}`;
    }
    return null;
  }
}
