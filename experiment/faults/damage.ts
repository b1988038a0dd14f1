import type { Address } from '../../core/process.js';
import type { FaultControls } from '../world.js';
import type { Fault } from './entries.js';

/**
 * What faults have crashed, paused or told to go, each by the fault that took it, so that of
 * overlapping faults none ends the other.
 */
export class Damage {
  readonly #controls: FaultControls;
  readonly #allGone: (fault: Fault) => void;
  /** Which fault crashed or paused it. */
  readonly #crashed = new Map<Address, Fault>();
  readonly #paused = new Map<Address, Fault>();
  readonly #broken = new Map<number, Fault>();
  readonly #leaving = new Map<Address, Fault>();

  /** @param allGone - none of those that the fault told to go is still to */
  constructor(controls: FaultControls, allGone: (fault: Fault) => void) {
    this.#controls = controls;
    this.#allGone = allGone;
  }

  isLeaving(address: Address): boolean {
    return this.#leaving.has(address);
  }

  isBroken(resource: number): boolean {
    return this.#broken.has(resource);
  }

  /** @param hold - resources stay down until the fault's own repair */
  crash(fault: Fault, hold: boolean): void {
    for (const address of fault.victims.processes) {
      this.#crashed.set(address, fault);
      this.#controls.crashHost(address);
      if (losesState(fault)) this.#controls.loseState!(address);
    }
    for (const resource of fault.victims.resources) {
      this.#broken.set(resource, fault);
      if (hold) this.#controls.holdResource(resource, true);
      this.#controls.crashResource(resource);
    }
  }

  /** Its victims go down in their own time. */
  leave(fault: Fault, go: (address: Address) => void): void {
    for (const address of fault.victims.processes) {
      // Another may have told it to go: from now on it goes by this one.
      this.#released(address);
      this.#crashed.set(address, fault);
      this.#leaving.set(address, fault);
      fault.leaving.add(address);
    }
    for (const address of fault.victims.processes) go(address);
  }

  /** Those that are still to crash in their own time are not to any more. */
  spare(fault: Fault): void {
    for (const address of fault.leaving) {
      this.#controls.spareInside!(address);
      this.#leaving.delete(address);
      this.#crashed.delete(address);
    }
    fault.leaving.clear();
  }

  /** The process is down, whatever the reason. */
  gone(address: Address): void {
    const fault = this.#released(address);
    if (fault !== undefined && losesState(fault)) this.#controls.loseState!(address);
  }

  /** Once the last of those that a fault has told to go need not any more, its repair can begin. */
  #released(address: Address): Fault | undefined {
    const fault = this.#leaving.get(address);
    if (fault === undefined) return undefined;
    this.#leaving.delete(address);
    fault.leaving.delete(address);
    if (fault.leaving.size === 0) this.#allGone(fault);
    return fault;
  }

  /** What is down by this fault comes up again. */
  repair(fault: Fault): void {
    for (const address of fault.victims.processes) {
      if (this.#crashed.get(address) !== fault) continue;
      this.#crashed.delete(address);
      this.#controls.restartHost(address);
    }
    for (const resource of fault.victims.resources) {
      if (this.#broken.get(resource) !== fault) continue;
      this.#broken.delete(resource);
      this.#controls.holdResource(resource, false);
      this.#controls.repairResource(resource);
    }
  }

  pause(fault: Fault): void {
    for (const address of fault.victims.processes) {
      this.#paused.set(address, fault);
      this.#controls.pauseProcess(address);
    }
  }

  resume(fault: Fault): void {
    for (const address of fault.victims.processes) {
      if (this.#paused.get(address) !== fault) continue;
      this.#paused.delete(address);
      this.#controls.resumeProcess(address);
    }
  }

  /** The resource is up again. Returns the fault that is over with that, if one is. */
  mended(resource: number): Fault | null {
    const fault = this.#broken.get(resource);
    if (fault === undefined || !fault.unrepaired.delete(resource)) return null;
    this.#broken.delete(resource);
    // Hosts that crashed in the same fault, without a repair, stay down.
    const { size } = fault.victims.processes;
    return fault.unrepaired.size === 0 && size === 0 ? fault : null;
  }
}

function losesState({ entry }: Fault): boolean {
  return 'loseState' in entry.settings.action;
}
