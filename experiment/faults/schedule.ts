import FastPriorityQueue from 'fastpriorityqueue';
import type { WorldObservation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import type { FaultControls } from '../world.js';
import { FaultDriver } from './driver.js';
import { latecomers, type Latecomers } from './latecomers.js';
import type { FaultPlan } from './settings.js';

/** One fault, as it would happen if nothing else did. */
export interface ScheduledFault {
  readonly timeUs: number;
  readonly kind: string;
  readonly target: string;
  /** Null: not within the run. */
  clearedUs: number | null;
}

/**
 * The faults of a scenario without the system that they hit: hosts and resources are up unless a
 * fault took them, what rules would have to repair is repaired at once, and the first manager
 * stands for the coordinator. So random faults come as in a run whose rules are perfect.
 */
export function faultSchedule(
  scenario: FaultPlan,
  inventory: Inventory,
): ScheduledFault[] {
  const world = new IdleWorld(inventory, latecomers(scenario.faults, inventory));
  const driver = new FaultDriver(scenario, inventory, world);
  world.driver = driver;
  const ballot = { counter: 1, node: inventory.nodeId(0, 0), incarnation: 1, address: 0 };
  driver.observe(0, 0, { type: 'coordinator-elected', ballot });
  driver.start();
  world.run(scenario.durationUs);
  return world.faults;
}

interface Due {
  readonly atUs: number;
  /** Order of scheduling, among what is due at the same time. */
  readonly order: number;
  readonly argument: number;
}

/** Knows what is up, and nothing else. */
class IdleWorld implements FaultControls {
  driver: FaultDriver | null = null;
  readonly faults: ScheduledFault[] = [];
  private nowUs = 0;
  private scheduled = 0;
  private readonly queue = new FastPriorityQueue<Due>((a, b) =>
    a.atUs === b.atUs ? a.order < b.order : a.atUs < b.atUs,
  );
  private readonly downHosts = new Set<Address>();
  private readonly paused = new Set<Address>();
  private readonly downResources = new Set<number>();
  private readonly held = new Set<number>();
  /** What rules have to repair. */
  private readonly unheld: number[] = [];
  private readonly inventory: Inventory;

  constructor(inventory: Inventory, { processes, resources }: Latecomers) {
    this.inventory = inventory;
    for (const process of processes) this.downHosts.add(process);
    for (const resource of resources) this.downResources.add(resource);
  }

  run(endUs: number): void {
    for (let due = this.queue.poll(); due !== undefined; due = this.queue.poll()) {
      if (due.atUs >= endUs) return;
      this.nowUs = due.atUs;
      this.driver!.due(due.argument);
      for (const resource of this.unheld.splice(0)) this.repairResource(resource);
    }
  }

  now(): number {
    return this.nowUs;
  }

  report(observation: WorldObservation): void {
    if (observation.type === 'fault-began') {
      const { kind, target } = observation;
      this.faults.push({ timeUs: this.nowUs, kind, target, clearedUs: null });
    } else if (observation.type === 'fault-ended') {
      this.faults[observation.fault].clearedUs = this.nowUs;
    }
  }

  crashHost(address: Address): void {
    this.downHosts.add(address);
    this.paused.delete(address);
  }

  restartHost(address: Address): void {
    this.downHosts.delete(address);
  }

  leaveProcess(address: Address): void {
    this.downHosts.add(address);
    this.paused.delete(address);
    this.driver!.observe(this.nowUs, address, { type: 'process-down' });
  }

  loseState(): void {}

  decommission(): void {}

  commission(resources: readonly number[], hosts: readonly Address[]): void {
    for (const resource of resources) this.downResources.delete(resource);
    for (const host of hosts) this.downHosts.delete(host);
  }

  setClock(): void {}

  slowHost(): void {}

  crashInside(address: Address): void {
    this.leaveProcess(address);
  }

  pauseProcess(address: Address): void {
    this.paused.add(address);
  }

  resumeProcess(address: Address): void {
    this.paused.delete(address);
  }

  crashResource(resource: number): void {
    this.downResources.add(resource);
    if (!this.held.has(resource)) this.unheld.push(resource);
  }

  repairResource(resource: number): void {
    if (!this.downResources.delete(resource)) return;
    this.driver!.observe(this.nowUs, this.inventory.agentOf[resource], {
      type: 'resource-state',
      resource,
      state: 'up',
      incarnation: 1,
    });
  }

  holdResource(resource: number, held: boolean): void {
    if (held) this.held.add(resource);
    else this.held.delete(resource);
  }

  isHostUp(address: Address): boolean {
    return !this.downHosts.has(address);
  }

  isPaused(address: Address): boolean {
    return this.paused.has(address);
  }

  isResourceUp(resource: number): boolean {
    const host = this.inventory.agentOf[resource];
    return this.isHostUp(host) && !this.downResources.has(resource);
  }

  setPartition(): void {}

  setCut(): void {}

  setLoss(): void {}

  setImpairments(): void {}

  schedule(atUs: number, argument: number): void {
    this.scheduled += 1;
    this.queue.add({ atUs, order: this.scheduled, argument });
  }
}
