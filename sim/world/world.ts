import type { ResourceState } from '../../core/metamodel/entity.js';
import type {
  HostCut, Observation, ObservationSink, WorldObservation,
} from '../../core/observations.js';
import type { Address, Environment } from '../../core/process.js';
import { type BehaviourWorld, ResourceBehaviour } from '../../experiment/behaviour.js';
import { latecomers } from '../../experiment/faults/index.js';
import { harmOf } from '../../experiment/harm.js';
import type { Layer } from '../../experiment/impairments/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import { draw, streamKey } from '../../experiment/random/streams.js';
import type { ClockFault, FaultControls, MessageCounters } from '../../experiment/world.js';
import type { EventLoop } from '../engine/loop.js';
import type { Network } from '../network/network.js';
import { Dispatch, DOWN, PAUSED, type DispatchOptions, type DispatchWorld } from './dispatch.js';
import {
  BOOT_HOST, CALL, EXIT, FAULT_DUE, LEAVE_DUE, RESOURCE_DUE, SERVED,
} from './events.js';
import { Hosts, type ProcessFactory } from './hosts.js';
import { cachedResources, Lookahead, type Reads } from './lookahead.js';

export interface WorldOptions extends DispatchOptions {
  readonly processes: ProcessFactory;
}

/** Hosts start up within so long, at instants drawn for each, so that their periods interleave. */
const BOOT_US = 1_000_000;

/**
 * The simulated world: hosts, the processes on them, their resources, and the network between.
 * One process per host, with the same number.
 *
 * A host crashes with its process, its resources and what it has not synced; timers and notes of
 * an earlier life never reach a later one, messages in flight do (datagrams know addresses only).
 * A paused process keeps its state while its clock goes on: what reaches it waits, and is handled
 * in the order of arrival when it resumes.
 */
export class SimWorld implements BehaviourWorld, DispatchWorld, FaultControls {
  readonly loop: EventLoop;
  readonly network: Network;
  readonly behaviour: ResourceBehaviour;
  /** Called back for what {@link schedule} was asked for. */
  onFaultDue: (argument: number) => void = () => {};
  /** Null: all fits into the caches, or nothing is known of what events need. */
  readonly lookahead: Lookahead | null;
  private readonly dispatch: Dispatch;
  private readonly hosts: Hosts;
  private readonly inventory: Inventory;
  private readonly sink: ObservationSink;
  private readonly calls: (() => void)[] = [];

  constructor(options: WorldOptions) {
    const { inventory, scenario, seed } = options;
    this.inventory = inventory;
    this.sink = options.sink;
    this.dispatch = new Dispatch(options, this);
    this.loop = this.dispatch.loop;
    this.network = this.dispatch.network;
    const late = latecomers(scenario.faults, inventory);
    const { kinds } = scenario.system;
    this.behaviour = new ResourceBehaviour(this, inventory, kinds, seed, late.resources);
    this.hosts = new Hosts(this.dispatch, this.behaviour, options, late.processes);
    this.lookahead = this.createLookahead(options.processes.reads);
    const bootKey = streamKey(seed, 'host/boot');
    for (let address = 0; address < this.dispatch.status.length; address += 1) {
      const bootUs = Math.floor(draw(bootKey, address) * BOOT_US);
      this.loop.scheduleWorld(bootUs, BOOT_HOST, address);
    }
  }

  get counters(): MessageCounters {
    return this.network.counters;
  }

  onWorldEvent(kind: number, argument: number): void {
    switch (kind) {
      case BOOT_HOST:
        return this.restartHost(argument);
      case RESOURCE_DUE:
        return this.behaviour.due(argument);
      case FAULT_DUE:
        return this.onFaultDue(argument);
      case CALL:
        return this.calls[argument]();
      case EXIT:
        return this.hosts.takeDown(argument);
      case LEAVE_DUE:
        return this.hosts.endLeave(argument);
      case SERVED:
        return this.dispatch.service!.served(argument);
      default:
        throw new RangeError(`no world event ${kind}`);
    }
  }

  wake(atUs: number, address: Address): void {
    this.loop.scheduleWorld(atUs, SERVED, address);
  }

  private createLookahead(reads: Reads | undefined): Lookahead | null {
    const { resources, managers: firstAgent } = this.inventory;
    if (reads === undefined || resources <= cachedResources) return null;
    const { behaviour } = this;
    const { loop, environment, processes, status, lives } = this.dispatch;
    return new Lookahead({
      loop, environment, behaviour, processes, status, lives, firstAgent, reads,
    });
  }

  /** It is the turn of that process while `act` runs, even if that of another was not over. */
  within<T>(address: Address, act: (environment: Environment) => T): T {
    return this.dispatch.within(address, act);
  }

  // -- hosts and processes

  restartHost(address: Address): void {
    this.hosts.restartHost(address);
  }

  crashHost(address: Address): void {
    this.hosts.crashHost(address);
  }

  loseState(address: Address): void {
    this.hosts.loseState(address);
  }

  leaveProcess(address: Address): void {
    this.hosts.leaveProcess(address);
  }

  decommission(resources: readonly number[]): void {
    this.hosts.decommission(resources);
  }

  decommissioned(resource: number): void {
    this.hosts.decommissioned(resource);
  }

  commission(resources: readonly number[], hosts: readonly Address[]): void {
    this.hosts.commission(resources, hosts);
  }

  exit(address: Address): void {
    this.hosts.exit(address);
  }

  pauseProcess(address: Address): void {
    this.hosts.pauseProcess(address);
  }

  resumeProcess(address: Address): void {
    this.hosts.resumeProcess(address);
  }

  crashInside(address: Address, calls: number): void {
    this.hosts.crashInside(address, calls);
  }

  spareInside(address: Address): void {
    this.hosts.spareInside(address);
  }

  setClock(address: Address, fault: ClockFault | null): void {
    const stepUs = this.dispatch.clocks!.set(address, fault, this.loop.now);
    this.observe(address, { type: 'clock-set', stepUs, drift: fault?.drift ?? 0 });
  }

  slowHost(address: Address, factor: number): void {
    this.dispatch.service!.slow(address, factor);
    this.observe(address, { type: 'host-slowed', factor });
  }

  isHostUp(address: Address): boolean {
    return this.dispatch.status[address] !== DOWN;
  }

  isPaused(address: Address): boolean {
    return this.dispatch.status[address] === PAUSED;
  }

  // -- resources

  crashResource(resource: number): void {
    this.behaviour.crash(resource);
  }

  repairResource(resource: number): void {
    if (this.isHostUp(this.inventory.agentOf[resource])) this.behaviour.repair(resource);
  }

  holdResource(resource: number, held: boolean): void {
    this.behaviour.hold(resource, held);
  }

  isResourceUp(resource: number): boolean {
    return this.behaviour.isAlive(resource);
  }

  now(): number {
    return this.loop.now;
  }

  after(delayUs: number, ticket: number): void {
    this.loop.scheduleWorld(this.loop.now + delayUs, RESOURCE_DUE, ticket);
  }

  resourceChanged(resource: number, state: ResourceState, incarnation: number): void {
    const agent = this.inventory.agentOf[resource];
    this.observe(agent, { type: 'resource-state', resource, state, incarnation });
  }

  actuated(resource: number, actuation: number, succeeded: boolean): void {
    const agent = this.inventory.agentOf[resource];
    const outcome = actuation * 2 + (succeeded ? 1 : 0);
    this.loop.notify(agent, resource, outcome, this.dispatch.lives[agent]);
  }

  // -- links

  setPartition(groups: readonly number[] | null): void {
    this.network.setPartition(groups);
    const all = groups ?? this.inventory.zones.map(() => 0);
    this.observe(-1, { type: 'reachability', groups: all });
  }

  setCut(cut: HostCut): void {
    this.network.setCut(cut);
    const groups = this.inventory.zones.map(() => 0);
    const { classOf, classes, passes } = cut;
    const told = { classOf: Array.from(classOf), classes, passes: Array.from(passes) };
    this.observe(-1, { type: 'reachability', groups, cut: told });
  }

  setLoss(share: number | null): void {
    this.network.setLoss(share);
    this.tellLinks();
  }

  setImpairments(layers: readonly Layer[], healed: boolean): void {
    if (this.network.setImpairments(layers, healed)) this.tellLinks();
  }

  private tellLinks(): void {
    const { lossShare: loss, impairments } = this.network;
    const harm = impairments.length === 0 ? {} : { harm: harmOf(impairments, loss) };
    this.observe(-1, { type: 'links-changed', loss, ...harm });
  }

  // -- time

  schedule(atUs: number, argument: number): void {
    this.loop.scheduleWorld(atUs, FAULT_DUE, argument);
  }

  /** For tests and exploration: `call` is made at that time, before all else of its instant. */
  callAt(atUs: number, call: () => void): void {
    this.calls.push(call);
    this.loop.scheduleWorld(atUs, CALL, this.calls.length - 1);
  }

  report(observation: WorldObservation): void {
    this.observe(-1, observation);
  }

  private observe(process: Address, observation: Observation): void {
    this.sink.observe(this.loop.now, process, observation);
  }
}
