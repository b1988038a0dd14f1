import type { ResourceState } from '../../core/metamodel/entity.js';
import { wireOf } from '../../core/codec.js';
import type { Message } from '../../core/wire/record.js';
import type {
  HostCut, Observation, ObservationSink, WorldObservation,
} from '../../core/observations.js';
import type {
  Address,
  AgentProcess,
  Environment,
  Process,
  Resources,
} from '../../core/process.js';
import { type BehaviourWorld, ResourceBehaviour } from '../../experiment/behaviour.js';
import { harmOf } from '../../experiment/harm.js';
import type { Layer } from '../../experiment/impairments/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import { draw, streamKey } from '../../experiment/random/streams.js';
import { SinkError } from '../../experiment/run-options.js';
import type { ResolvedScenario, ServiceSettings } from '../../experiment/scenario/resolved.js';
import {
  leaveLimitUs, type ClockFault, type FaultControls, type MessageCounters,
} from '../../experiment/world.js';
import { type EventHandler, EventLoop, MESSAGE, TIMER, WORLD } from '../engine/loop.js';
import type { EventQueue } from '../engine/queue.js';
import { Network } from '../network/network.js';
import { ClockedEnvironment } from './clocked-environment.js';
import { Clocks, hasClocks } from './clocks.js';
import { NOBODY, SimEnvironment } from './environment.js';
import { CrashSignal, ProcessError } from './errors.js';
import { InterruptibleEnvironment } from './interruption.js';
import { cachedResources, Lookahead, type Reads } from './lookahead.js';
import { ServiceQueues } from './service-queues.js';

/** Makes the processes, anew at each start of their hosts. */
export interface ProcessFactory {
  /** @param generation - how often the host has lost its store, and with it its node id */
  manager(environment: Environment, generation: number): Process;
  agent(environment: Environment, resources: Resources): AgentProcess;
  /** What a large world may read ahead of their events; without it none does. */
  readonly reads?: Reads;
}

export interface WorldOptions {
  readonly queue: EventQueue;
  readonly scenario: Pick<ResolvedScenario, 'coordination' | 'faults' | 'network' | 'system'>;
  readonly inventory: Inventory;
  readonly seed: number;
  readonly processes: ProcessFactory;
  readonly sink: ObservationSink;
  /** Makes {@link SimWorld.crashInside} possible, at the price of a wrapper for each process. */
  readonly interruptible?: boolean;
}

/** Events of the world itself. */
const BOOT_HOST = 0;
const RESOURCE_DUE = 1;
const FAULT_DUE = 2;
const CALL = 3;
const EXIT = 4;
const LEAVE_DUE = 5;
const SERVED = 6;
/** What they are called where a person reads of them. */
export const worldEventNames = [
  'host starts', 'resource is due', 'fault is due', 'call from outside', 'process exits',
  'leave is over', 'message is served',
] as const;

/** Hosts start up within so long, at instants drawn for each, so that their periods interleave. */
const BOOT_US = 1_000_000;

const DOWN = 0;
const UP = 1;
const PAUSED = 2;

/** Events that wait for a paused process, in their order. */
interface Held {
  readonly slots: number[];
  readonly senders: Address[];
}

/**
 * The simulated world: hosts, the processes on them, their resources, and the network between.
 * One process per host, with the same number.
 *
 * A host crashes with its process, its resources and what it has not synced; timers and notes of
 * an earlier life never reach a later one, messages in flight do (datagrams know addresses only).
 * A paused process keeps its state while its clock goes on: what reaches it waits, and is handled
 * in the order of arrival when it resumes.
 */
export class SimWorld implements EventHandler, BehaviourWorld, FaultControls {
  readonly loop: EventLoop;
  readonly network: Network;
  readonly behaviour: ResourceBehaviour;
  /** Called back for what {@link schedule} was asked for. */
  onFaultDue: (argument: number) => void = () => {};

  private readonly inventory: Inventory;
  private readonly factory: ProcessFactory;
  private readonly sink: ObservationSink;
  private readonly environment: SimEnvironment;
  /** What processes are given: the environment, or a wrapper around it. */
  private readonly view: Environment;
  private readonly processes: (Process | null)[];
  private readonly status: Uint8Array;
  /** How often each process has started. */
  private readonly lives: Int32Array;
  /** How often hosts have lost their stores, of those that have. */
  private readonly generations = new Map<Address, number>();
  private readonly held = new Map<Address, Held>();
  private readonly calls: (() => void)[] = [];
  /** Processes that were told to go, and when. */
  private readonly leaving = new Map<Address, number>();
  private readonly coordination: ResolvedScenario['coordination'];
  /** Null: all clocks are right; messages take no time. */
  private readonly clocks: Clocks | null;
  private readonly service: ServiceQueues | null;
  /** Processes that have nothing left to do: in which life. */
  private readonly exits = new Map<Address, number>();
  /** Null: all fits into the caches, or nothing is known of what events need. */
  readonly lookahead: Lookahead | null;

  constructor(options: WorldOptions) {
    const { inventory, scenario, seed } = options;
    const count = inventory.managers + inventory.agents;
    this.inventory = inventory;
    this.factory = options.processes;
    this.sink = options.sink;
    this.loop = new EventLoop(options.queue, this);
    const wire = wireOf(scenario.coordination.plugged);
    this.network = new Network(this.loop, scenario.network, inventory, seed, wire);
    this.behaviour = new ResourceBehaviour(this, inventory, scenario.system.kinds, seed);
    const { loop, network, sink } = this;
    this.lives = new Int32Array(count);
    const { lives } = this;
    const randomKey = streamKey(seed, 'process');
    const exit = (address: Address): void => this.exit(address);
    const parts = { loop, network, sink, randomKey, lives, exit };
    this.clocks = hasClocks(scenario) ? new Clocks(scenario.system.clocks, count, seed) : null;
    this.environment = this.clocks === null
      ? new SimEnvironment(parts)
      : new ClockedEnvironment(parts, this.clocks, {
        timersUs: scenario.system.clocks.timersUs, key: streamKey(seed, 'host/timer'),
      });
    this.service = this.queuesOf(scenario.system.service, count);
    this.coordination = scenario.coordination;
    this.view = options.interruptible
      ? new InterruptibleEnvironment(this.environment)
      : this.environment;
    this.processes = Array.from({ length: count }, () => null);
    this.status = new Uint8Array(count);
    this.lookahead = this.createLookahead(options.processes.reads);
    const bootKey = streamKey(seed, 'host/boot');
    for (let address = 0; address < count; address += 1) {
      const bootUs = Math.floor(draw(bootKey, address) * BOOT_US);
      loop.scheduleWorld(bootUs, BOOT_HOST, address);
    }
  }

  get counters(): MessageCounters {
    return this.network.counters;
  }

  // -- what the loop tells

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
        return this.takeDown(argument);
      case LEAVE_DUE:
        return this.endLeave(argument);
      case SERVED:
        return this.service!.served(argument);
      default:
        throw new RangeError(`no world event ${kind}`);
    }
  }

  onProcessEvent(address: Address, sender: Address, slot: number): void {
    const { loop, network } = this;
    if (loop.classOf(slot) === MESSAGE && !network.reaches(sender, address)) {
      network.count('partition', loop.kindOf(slot), loop.argumentOf(slot));
      loop.release(slot);
    } else if (network.queuesAtArrival && this.isKeptWaiting(address, sender, slot)) {
      // It comes again, or has found no room.
    } else if (this.status[address] === PAUSED) {
      this.hold(address, sender, slot);
    } else if (this.service === null) {
      this.handle(address, sender, slot);
    } else {
      this.arrive(address, sender, slot);
    }
  }

  /** What arrives gets in one message after the other, where bandwidth is limited. */
  private isKeptWaiting(address: Address, sender: Address, slot: number): boolean {
    const { loop, network } = this;
    if (loop.classOf(slot) !== MESSAGE || loop.isPostponed(slot)) return false;
    const delayUs = network.arrival(address, loop.messageOf(slot));
    if (delayUs === 0) return false;
    if (delayUs > 0) loop.postpone(sender, address, slot, delayUs);
    else {
      network.count('queue-full', loop.kindOf(slot), loop.argumentOf(slot));
      loop.release(slot);
    }
    return true;
  }

  private arrive(address: Address, sender: Address, slot: number): void {
    if (this.status[address] === DOWN) return this.handle(address, sender, slot);
    this.service!.arrive(address, sender, slot, this.loop.classOf(slot) === MESSAGE);
  }

  private createLookahead(reads: Reads | undefined): Lookahead | null {
    const { resources, managers: firstAgent } = this.inventory;
    if (reads === undefined || resources <= cachedResources) return null;
    const { loop, environment, behaviour, processes, status, lives } = this;
    return new Lookahead({
      loop, environment, behaviour, processes, status, lives, firstAgent, reads,
    });
  }

  private queuesOf(service: ServiceSettings, hosts: number): ServiceQueues | null {
    const { managerUs, agentUs } = service;
    if (managerUs === 0 && agentUs === 0) return null;
    const { managers } = this.inventory;
    const user = {
      now: () => this.loop.now,
      wake: (atUs: number, address: Address) => this.loop.scheduleWorld(atUs, SERVED, address),
      serve: (address: Address, sender: Address, slot: number) =>
        this.handle(address, sender, slot),
      isServing: (address: Address) => this.status[address] === UP,
    };
    return new ServiceQueues(user, hosts, (address) => address < managers ? managerUs : agentUs);
  }

  onSlotlessTimer(address: Address, kind: number, argument: number, life: number): void {
    const status = this.status[address];
    if (status === UP) {
      if (this.service?.isBusy(address)) {
        const slot = this.loop.hold(kind, argument, life);
        this.service.arrive(address, address, slot, false);
      } else if (life === this.lives[address]) this.fire(address, kind, argument);
    } else if (status === PAUSED) {
      this.hold(address, address, this.loop.hold(kind, argument, life));
    }
  }

  /** What has arrived at a process that is up or down. */
  private handle(address: Address, sender: Address, slot: number): void {
    const { loop, network } = this;
    const eventClass = loop.classOf(slot);
    const kind = loop.kindOf(slot);
    if (eventClass === MESSAGE) {
      const message = loop.messageOf(slot);
      // Which one it is matters to who traces messages alone.
      const id = network.sink === null ? 0 : loop.argumentOf(slot);
      loop.release(slot);
      if (this.status[address] === DOWN) return network.count('receiver-down', kind, id);
      network.received(sender, address, message, kind, id);
      return this.deliver(address, sender, message);
    }
    const argument = loop.argumentOf(slot);
    const current = loop.lifeOf(slot) === this.lives[address];
    loop.release(slot);
    if (!current || this.status[address] === DOWN) return;
    if (eventClass === TIMER) this.fire(address, kind, argument);
    else if (eventClass === WORLD) this.tellActuated(address, kind, argument);
  }

  private hold(address: Address, sender: Address, slot: number): void {
    let held = this.held.get(address);
    if (held === undefined) {
      held = { slots: [], senders: [] };
      this.held.set(address, held);
    }
    held.slots.push(slot);
    held.senders.push(sender);
  }

  /** Handles what was held; a process that is down by now, or goes down in between, drops it. */
  private handleHeld(address: Address): void {
    const held = this.held.get(address);
    this.held.delete(address);
    if (this.service !== null) return this.serveAgain(address, this.service, held);
    if (held === undefined) return;
    for (let index = 0; index < held.slots.length; index += 1) {
      this.handle(address, held.senders[index], held.slots[index]);
    }
  }

  /** What was in line before the host stood still or went down, then what came meanwhile. */
  private serveAgain(address: Address, service: ServiceQueues, held: Held | undefined): void {
    service.takeAll(address, (sender, slot) => this.hold(address, sender, slot));
    const first = this.held.get(address);
    this.held.delete(address);
    for (const { slots, senders } of [first, held].filter((part) => part !== undefined)) {
      for (const [index, slot] of slots.entries()) this.arrive(address, senders[index], slot);
    }
  }

  // -- calls into processes, each of which may end in a crash

  private deliver(address: Address, sender: Address, message: Message): void {
    this.environment.address = address;
    try {
      this.processes[address]!.receive(sender, message);
    } catch (error) {
      this.fail(address, `receive ${message.type}`, error);
    }
    this.environment.address = NOBODY;
  }

  private fire(address: Address, kind: number, argument: number): void {
    this.environment.address = address;
    try {
      this.processes[address]!.onTimer(kind, argument);
    } catch (error) {
      this.fail(address, `onTimer(${kind}, ${argument})`, error);
    }
    this.environment.address = NOBODY;
  }

  private tellActuated(address: Address, resource: number, outcome: number): void {
    const agent = this.processes[address] as AgentProcess;
    const actuation = Math.floor(outcome / 2);
    this.environment.address = address;
    try {
      agent.onActuated(resource, actuation, outcome % 2 === 1);
    } catch (error) {
      this.fail(address, `onActuated(${resource}, ${actuation})`, error);
    }
    this.environment.address = NOBODY;
  }

  /** It is the turn of that process while `act` runs, even if that of another was not over. */
  within<T>(address: Address, act: (environment: Environment) => T): T {
    const { environment, view } = this;
    const running = environment.address;
    environment.address = address;
    try {
      return act(view);
    } finally {
      environment.address = running;
    }
  }

  private fail(address: Address, during: string, error: unknown): void {
    // Who looked on failed, not the process that was looked at.
    if (error instanceof SinkError) throw error;
    if (!(error instanceof CrashSignal)) {
      throw new ProcessError(this.inventory.processName(address), during, this.loop.now, error);
    }
    this.crashHost(address);
  }

  // -- hosts and processes

  restartHost(address: Address): void {
    if (this.status[address] !== DOWN) return;
    this.status[address] = UP;
    this.lives[address] += 1;
    const incarnation = this.lives[address];
    const generation = this.generations.get(address);
    const lost = generation === undefined ? {} : { generation };
    this.observe(address, { type: 'process-up', incarnation, ...lost });
    const isManager = address < this.inventory.managers;
    const resources = isManager ? null : this.behaviour.resourcesOf(address);
    if (resources !== null) this.behaviour.hostStarted(resources.ids);
    this.within(address, (view) => {
      try {
        const process =
          resources === null
            ? this.factory.manager(view, generation ?? 0)
            : this.factory.agent(view, resources);
        this.processes[address] = process;
        process.start();
      } catch (error) {
        this.fail(address, 'start', error);
      }
    });
  }

  crashHost(address: Address): void {
    if (this.status[address] === DOWN) return;
    this.status[address] = DOWN;
    this.leaving.delete(address);
    this.processes[address] = null;
    this.spareInside(address);
    this.environment.loseUnsynced(address);
    this.observe(address, { type: 'process-down' });
    this.behaviour.hostCrashed(this.inventory.resourcesOf(address));
    this.handleHeld(address);
  }

  loseState(address: Address): void {
    if (this.status[address] !== DOWN) return;
    this.environment.loseState(address);
    this.generations.set(address, (this.generations.get(address) ?? 0) + 1);
  }

  leaveProcess(address: Address): void {
    if (this.status[address] === DOWN || this.leaving.has(address)) return;
    this.leaving.set(address, this.loop.now);
    this.observe(address, { type: 'process-leaving' });
    const untilUs = this.loop.now + leaveLimitUs(this.coordination);
    this.loop.scheduleWorld(untilUs, LEAVE_DUE, address);
    if (this.status[address] === UP) this.tellToLeave(address);
  }

  private tellToLeave(address: Address): void {
    const process = this.processes[address]!;
    if (process.leave === undefined) return this.crashHost(address);
    this.within(address, () => {
      try {
        process.leave!();
      } catch (error) {
        this.fail(address, 'leave', error);
      }
    });
  }

  /** What the process asks for while it is at work: done once it is not. */
  private exit(address: Address): void {
    if (this.exits.get(address) === this.lives[address]) return;
    this.exits.set(address, this.lives[address]);
    this.loop.scheduleWorld(this.loop.now + 1, EXIT, address);
  }

  /** Its time is up, if it still is about the leave that began so long ago. */
  private endLeave(address: Address): void {
    const beganUs = this.loop.now - leaveLimitUs(this.coordination);
    if (this.leaving.get(address) === beganUs) this.crashHost(address);
  }

  private takeDown(address: Address): void {
    const life = this.exits.get(address);
    this.exits.delete(address);
    if (life === this.lives[address]) this.crashHost(address);
  }

  pauseProcess(address: Address): void {
    if (this.status[address] !== UP) return;
    this.status[address] = PAUSED;
    this.observe(address, { type: 'process-paused' });
  }

  resumeProcess(address: Address): void {
    if (this.status[address] !== PAUSED) return;
    this.status[address] = UP;
    this.observe(address, { type: 'process-resumed' });
    // It may not have been told yet; a second time does nothing.
    if (this.leaving.has(address)) this.tellToLeave(address);
    this.handleHeld(address);
  }

  setClock(address: Address, fault: ClockFault | null): void {
    const stepUs = this.clocks!.set(address, fault, this.loop.now);
    this.observe(address, { type: 'clock-set', stepUs, drift: fault?.drift ?? 0 });
  }

  slowHost(address: Address, factor: number): void {
    this.service!.slow(address, factor);
    this.observe(address, { type: 'host-slowed', factor });
  }

  isHostUp(address: Address): boolean {
    return this.status[address] !== DOWN;
  }

  isPaused(address: Address): boolean {
    return this.status[address] === PAUSED;
  }

  /**
   * Crashes the host inside the call that its process makes to its environment after `calls` more
   * of them: those before happen, that one and all later ones do not. Only if `interruptible`.
   */
  crashInside(address: Address, calls: number): void {
    const { view } = this;
    if (!(view instanceof InterruptibleEnvironment)) throw new TypeError('not interruptible');
    view.interruptAfter(address, calls);
  }

  spareInside(address: Address): void {
    if (this.view instanceof InterruptibleEnvironment) this.view.spare(address);
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
    this.loop.notify(agent, resource, outcome, this.lives[agent]);
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
