import { wireOf } from '../../core/codec.js';
import type { ObservationSink } from '../../core/observations.js';
import type { Address, AgentProcess, Environment, Process } from '../../core/process.js';
import type { Message } from '../../core/wire/record.js';
import type { Inventory } from '../../experiment/inventory.js';
import { streamKey } from '../../experiment/random/streams.js';
import { SinkError } from '../../experiment/run-options.js';
import type { ResolvedScenario, ServiceSettings } from '../../experiment/scenario/resolved.js';
import { type EventHandler, EventLoop, MESSAGE, TIMER, WORLD } from '../engine/loop.js';
import type { EventQueue } from '../engine/queue.js';
import { Network } from '../network/network.js';
import { ClockedEnvironment } from './clocked-environment.js';
import { Clocks, hasClocks } from './clocks.js';
import { NOBODY, SimEnvironment } from './environment.js';
import { CrashSignal, ProcessError } from './errors.js';
import { InterruptibleEnvironment } from './interruption.js';
import { ServiceQueues } from './service-queues.js';

/** How a host is. */
export const DOWN = 0;
export const UP = 1;
export const PAUSED = 2;

/** Events that wait for a paused process, in their order. */
interface Held {
  readonly slots: number[];
  readonly senders: Address[];
}

export interface DispatchOptions {
  readonly queue: EventQueue;
  readonly scenario: Pick<ResolvedScenario, 'coordination' | 'faults' | 'network' | 'system'>;
  readonly inventory: Inventory;
  readonly seed: number;
  readonly sink: ObservationSink;
  /** Makes a crash inside a call possible, at the price of a wrapper around the environment. */
  readonly interruptible?: boolean;
}

/** What only the rest of the world can do. */
export interface DispatchWorld {
  /** An event of the world's own. */
  onWorldEvent(kind: number, argument: number): void;
  /** A message of a host that takes its time has been served. */
  wake(atUs: number, address: Address): void;
  /** The process has nothing left to do. */
  exit(address: Address): void;
  crashHost(address: Address): void;
}

/**
 * From the event queue to the processes: what arrives at a process is handled, or waits while the
 * process is paused or busy. One process per host, with the same number.
 */
export class Dispatch implements EventHandler {
  readonly loop: EventLoop;
  readonly network: Network;
  readonly environment: SimEnvironment;
  /** What processes are given: the environment, or a wrapper around it. */
  readonly view: Environment;
  readonly processes: (Process | null)[];
  readonly status: Uint8Array;
  /** How often each process has started. */
  readonly lives: Int32Array;
  /** Null: all clocks are right; messages take no time. */
  readonly clocks: Clocks | null;
  readonly service: ServiceQueues | null;
  private readonly inventory: Inventory;
  private readonly world: DispatchWorld;
  private readonly held = new Map<Address, Held>();

  constructor(options: DispatchOptions, world: DispatchWorld) {
    const { inventory, scenario, seed, sink } = options;
    const count = inventory.managers + inventory.agents;
    this.inventory = inventory;
    this.world = world;
    this.loop = new EventLoop(options.queue, this);
    const wire = wireOf(scenario.coordination.fromPlugins);
    this.network = new Network(this.loop, scenario.network, inventory, seed, wire);
    this.lives = new Int32Array(count);
    const { loop, network, lives } = this;
    const exit = (address: Address): void => world.exit(address);
    const parts = { loop, network, sink, randomKey: streamKey(seed, 'process'), lives, exit };
    this.clocks = hasClocks(scenario) ? new Clocks(scenario.system.clocks, count, seed) : null;
    this.environment = this.clocks === null
      ? new SimEnvironment(parts)
      : new ClockedEnvironment(parts, this.clocks, {
        timersUs: scenario.system.clocks.timersUs, key: streamKey(seed, 'host/timer'),
      });
    this.service = this.queuesOf(scenario.system.service, count);
    this.view = options.interruptible
      ? new InterruptibleEnvironment(this.environment)
      : this.environment;
    this.processes = Array.from({ length: count }, () => null);
    this.status = new Uint8Array(count);
  }

  onWorldEvent(kind: number, argument: number): void {
    this.world.onWorldEvent(kind, argument);
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
  handleHeld(address: Address): void {
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

  private arrive(address: Address, sender: Address, slot: number): void {
    if (this.status[address] === DOWN) return this.handle(address, sender, slot);
    this.service!.arrive(address, sender, slot, this.loop.classOf(slot) === MESSAGE);
  }

  private queuesOf(service: ServiceSettings, hosts: number): ServiceQueues | null {
    const { managerUs, agentUs } = service;
    if (managerUs === 0 && agentUs === 0) return null;
    const { managers } = this.inventory;
    const user = {
      now: () => this.loop.now,
      wake: (atUs: number, address: Address) => this.world.wake(atUs, address),
      serve: (address: Address, sender: Address, slot: number) =>
        this.handle(address, sender, slot),
      isServing: (address: Address) => this.status[address] === UP,
    };
    return new ServiceQueues(user, hosts, (address) => address < managers ? managerUs : agentUs);
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

  /** @throws ProcessError unless the process was to crash in that call */
  fail(address: Address, during: string, error: unknown): void {
    // Who looked on failed, not the process that was looked at.
    if (error instanceof SinkError) throw error;
    if (!(error instanceof CrashSignal)) {
      throw new ProcessError(this.inventory.processName(address), during, this.loop.now, error);
    }
    this.world.crashHost(address);
  }
}
