import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { NO_BALLOT, NONE, type Truth } from '../truth/index.js';
import { HELD, LIVE } from './component.js';
import type { FaultRecovery } from './listener.js';

/** An injected fault, until all that it took away is managed again. */
interface OpenFault {
  readonly fault: number;
  readonly beganUs: number;
  /** What must be seen to fail before recovery means anything. */
  readonly awaitedProcesses: Set<Address>;
  readonly awaitedResources: Set<number>;
  /** Whether it took the coordinator's role from somebody. */
  coordinator: boolean;
  /** Resources that it took, and how many of them are not managed now. */
  readonly taken: Set<number>;
  missing: number;
}

/** One resource that a fault took away. */
interface Loss {
  readonly fault: OpenFault;
  /** Taken down itself: it must live again. Otherwise it may as well have died of another cause. */
  readonly mustLive: boolean;
  missing: boolean;
}

type FaultBegan = Observation & { type: 'fault-began' };

/** Follows each injected fault from its start to the recovery of what it took away. */
export class FaultRecoveries {
  readonly #truth: Truth;
  readonly #open = new Map<number, OpenFault>();
  readonly #losses = new Map<number, Loss[]>();
  /** Faults by the processes that they have yet to be seen to take. */
  readonly #awaiting = new Map<Address, OpenFault[]>();
  /** Began in the present instant; may still be found to have cut managers off. */
  #beginning: OpenFault[] = [];
  /** All resources managed again; to be looked at when the instant is over. */
  readonly #ready = new Set<OpenFault>();

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** Whether an instant may end without a call of {@link settle}. */
  get isQuiet(): boolean {
    return this.#beginning.length === 0 && this.#ready.size === 0;
  }

  /** Is to be told before the fault shows in the truth. */
  began(timeUs: number, { fault, processes, resources }: FaultBegan, bits: Uint8Array): void {
    const { processes: table } = this.#truth;
    const open: OpenFault = {
      fault,
      beganUs: timeUs,
      awaitedProcesses: new Set(processes.filter((process) => table.isLive(process))),
      awaitedResources: new Set(resources.filter((id) => this.#truth.isResourceLive(id))),
      coordinator: false,
      taken: new Set(),
      missing: 0,
    };
    this.#open.set(fault, open);
    for (const process of open.awaitedProcesses) {
      this.#awaiting.set(process, [...(this.#awaiting.get(process) ?? []), open]);
    }
    for (const resource of resources) this.#take(open, resource, true, bits);
    for (const process of processes) {
      if (!this.#truth.isManager(process)) {
        const end = this.#truth.firstResourceOf(process + 1);
        for (let id = this.#truth.firstResourceOf(process); id < end; id += 1) {
          this.#take(open, id, true, bits);
        }
      }
    }
    for (const process of processes) {
      if (this.#truth.isManager(process)) this.#takeManager(open, process, bits);
    }
    this.#beginning.push(open);
    this.#consider(open);
  }

  /** The fault ended: whatever did not fail by it never will. */
  ended(fault: number): void {
    const open = this.#open.get(fault);
    if (open === undefined) return;
    open.awaitedProcesses.clear();
    open.awaitedResources.clear();
    this.#consider(open);
  }

  processFailed(process: Address): void {
    const faults = this.#awaiting.get(process);
    if (faults === undefined) return;
    this.#awaiting.delete(process);
    for (const open of faults) {
      open.awaitedProcesses.delete(process);
      if (this.#open.has(open.fault)) this.#consider(open);
    }
  }

  /** The resource came to stand as `bits` say. */
  turned(resource: number, bits: number): void {
    const losses = this.#losses.get(resource);
    if (losses === undefined) return;
    for (const loss of losses) {
      const { fault } = loss;
      if ((bits & LIVE) === 0) fault.awaitedResources.delete(resource);
      const missing = isMissing(bits, loss.mustLive);
      if (missing !== loss.missing) fault.missing += missing ? 1 : -1;
      loss.missing = missing;
      this.#consider(fault);
    }
  }

  /** A change of reachability cut the resource off its manager: by the faults that begin now. */
  cutOff(resource: number, bits: Uint8Array): void {
    for (const open of this.#beginning) {
      this.#take(open, resource, false, bits);
      this.#consider(open);
    }
  }

  /** A change of reachability left a component without coordinator. */
  cutOffCoordinator(): void {
    for (const open of this.#beginning) open.coordinator = true;
  }

  /** The instant is over: tells of the faults that are recovered from. */
  settle(timeUs: number, coordinated: boolean, tell: (recovery: FaultRecovery) => void): void {
    this.#beginning = [];
    for (const open of this.#ready) {
      if (open.coordinator && !coordinated) continue;
      this.#ready.delete(open);
      this.#close(open);
      const { fault, beganUs, taken, coordinator } = open;
      tell({ fault, beganUs, recoveredUs: timeUs, resources: taken.size, coordinator });
    }
  }

  #takeManager(open: OpenFault, manager: Address, bits: Uint8Array): void {
    const { listings, pointers } = this.#truth;
    if (this.#truth.acting(manager) !== NO_BALLOT) open.coordinator = true;
    let listing = listings.firstOfManager(manager);
    for (; listing !== NONE; listing = listings.nextOfManager(listing)) {
      const resource = listings.resource(listing);
      if ((bits[resource] & HELD) !== 0 && pointers.manager(resource) === manager) {
        this.#take(open, resource, false, bits);
      }
    }
  }

  #take(open: OpenFault, resource: number, mustLive: boolean, bits: Uint8Array): void {
    if (open.taken.has(resource)) return;
    const missing = isMissing(bits[resource], mustLive);
    open.taken.add(resource);
    if (missing) open.missing += 1;
    const loss = { fault: open, mustLive, missing };
    const losses = this.#losses.get(resource);
    if (losses === undefined) this.#losses.set(resource, [loss]);
    else losses.push(loss);
  }

  #consider(open: OpenFault): void {
    const failed = open.awaitedProcesses.size === 0 && open.awaitedResources.size === 0;
    if (failed && open.missing === 0) this.#ready.add(open);
    else this.#ready.delete(open);
  }

  #close(open: OpenFault): void {
    this.#open.delete(open.fault);
    for (const resource of open.taken) {
      const others = this.#losses.get(resource)!.filter(({ fault }) => fault !== open);
      if (others.length === 0) this.#losses.delete(resource);
      else this.#losses.set(resource, others);
    }
  }
}

function isMissing(bits: number, mustLive: boolean): boolean {
  if ((bits & LIVE) === 0) return mustLive;
  return (bits & HELD) === 0;
}
