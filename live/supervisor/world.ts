import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ResourceState } from '../../core/metamodel/entity.js';
import type { Observation, ObservationSink, WorldObservation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ResourceBehaviour, type BehaviourWorld } from '../../experiment/behaviour.js';
import { FaultDriver } from '../../experiment/faults/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import { leaveLimitUs, MessageCounters, type FaultControls } from '../../experiment/world.js';
import { Clock } from '../node/clock.js';
import { LiveNodeError, LiveProcessError } from './errors.js';
import { Layout } from './layout.js';
import { TimeMerge } from './merge.js';
import { OsProcess } from './os-process.js';
import type { Report, ResourceStatus } from './protocol.js';
import { addChanges } from './tally.js';
import { TimerQueue } from '../node/timers.js';

/** Observations wait for those of a slow OS process at most so long. */
const PATIENCE_US = 1_000_000;

/** At the start of the run, OS processes have so long to connect to each other. */
const CONNECT_MS = 100;

/** Owners of the world's own timers. */
const RESOURCE_DUE = 0;
const FAULT_DUE = 1;
const LEAVE_DUE = 2;

/**
 * - `starting`: it has been started, and its nodes have not.
 * - `dying`: killed, but what it reported before is not all in yet.
 */
type Status = 'starting' | 'up' | 'paused' | 'dying' | 'down';

/** One of the OS processes that share the nodes, through all its lives. */
interface Host {
  readonly index: number;
  readonly nodes: readonly Address[];
  process: OsProcess | null;
  status: Status;
  life: number;
  /** Of its nodes, those that faults have crashed or paused: it returns when the last may. */
  readonly crashed: Set<Address>;
  readonly paused: Set<Address>;
  /** Of its nodes, those that faults have told to go; it goes once its managers are done. */
  readonly leavers: Set<Address>;
  readonly unfinished: Set<Address>;
  port: number;
  /** What happened in it before this time is known here; when dying, when it was killed. */
  untilUs: number;
  /** The time of the last observation it made. */
  observedUs: number;
}

/**
 * The supervisor's side of the live world: the OS processes that host the nodes, the faults
 * applied to them, and the managed resources, whose behaviour runs here. It survives all crashes,
 * so the truth does. What is done to one node is done to all that share its OS process.
 */
export class LiveWorld implements FaultControls, BehaviourWorld {
  readonly counters = new MessageCounters();
  events = 0;
  /** Why the run cannot go on; null: it can. */
  failure: Error | null = null;

  private readonly scenario: ResolvedScenario;
  private readonly inventory: Inventory;
  private readonly directory: string;
  private readonly secret = randomBytes(16).toString('hex');
  private readonly layout: Layout;
  private readonly hosts: readonly Host[];
  private readonly behaviour: ResourceBehaviour;
  private readonly driver: FaultDriver;
  private readonly merge: TimeMerge;
  private clock = Clock.startingNow();
  private timers: TimerQueue | null = null;
  private finishing = false;
  /** While a death is recorded: when it was. */
  private deathUs = -1;
  /** Resolves what waits for OS processes to become ready, gone or finished. */
  private wake: () => void = () => {};

  constructor(
    scenario: ResolvedScenario,
    inventory: Inventory,
    sinks: readonly ObservationSink[],
    directory: string,
  ) {
    this.scenario = scenario;
    this.inventory = inventory;
    this.directory = directory;
    this.layout = new Layout(scenario, inventory);
    this.merge = new TimeMerge(sinks);
    this.behaviour = new ResourceBehaviour(this, inventory, scenario.system.kinds, scenario.seed);
    this.driver = new FaultDriver(scenario, inventory, this);
    this.hosts = Array.from({ length: this.layout.processes }, (_, index) => ({
      index,
      nodes: this.layout.nodesOf(index),
      process: null,
      status: 'down',
      life: 0,
      crashed: new Set<Address>(),
      paused: new Set<Address>(),
      leavers: new Set<Address>(),
      unfinished: new Set<Address>(),
      port: 0,
      untilUs: 0,
      observedUs: 0,
    }));
  }

  /** Faults that were due and hit nobody. */
  get faultsSkipped(): number {
    return this.driver.skipped;
  }

  // -- the run

  /** Starts all OS processes; when all are ready, time begins and the nodes start. */
  async start(): Promise<void> {
    for (const host of this.hosts) this.spawn(host);
    await this.until(() => this.hosts.every(({ port }) => port > 0));
    this.tellPorts();
    // Nodes do not have to wait for connections, but a start without lost messages is quieter.
    await delay(CONNECT_MS);
    if (this.failure !== null) return;
    this.clock = Clock.startingNow();
    this.timers = new TimerQueue(this.clock, (what, kind, argument) => {
      if (what === FAULT_DUE) this.driver.due(argument);
      else if (what === LEAVE_DUE) this.onLeaveDue(argument, kind);
      else this.behaviour.due(argument);
    });
    for (const host of this.hosts) this.startNodes(host);
    this.driver.start();
  }

  /** Passes on what was observed before this time. */
  release(untilUs: number): void {
    this.merge.release(untilUs);
  }

  /** Nothing earlier will be observed any more, or has been waited for long enough. */
  horizonUs(): number {
    const now = this.clock.now();
    let horizonUs = now;
    for (const { status, untilUs } of this.hosts) {
      if (status === 'up' || status === 'dying') horizonUs = Math.min(horizonUs, untilUs);
    }
    return Math.max(horizonUs, now - PATIENCE_US);
  }

  /** Stops the nodes, takes their last reports, and ends every OS process within the time. */
  async finish(withinMs: number): Promise<void> {
    this.finishing = true;
    this.timers?.stop();
    for (const { process, status } of this.hosts) {
      if (status === 'paused') process?.resume();
      process?.send({ kind: 'finish' });
    }
    const tooLong = setTimeout(() => this.killAll(), withinMs);
    await this.allGone();
    clearTimeout(tooLong);
  }

  /** Ends every OS process at once, whatever state it is in. */
  async abort(): Promise<void> {
    this.finishing = true;
    this.timers?.stop();
    this.killAll();
    await this.allGone();
  }

  private killAll(): void {
    for (const { process } of this.hosts) process?.kill();
  }

  private async allGone(): Promise<void> {
    for (const { process } of this.hosts) await process?.gone();
  }

  private async until(condition: () => boolean): Promise<void> {
    while (this.failure === null && !condition()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  // -- OS processes

  private spawn(host: Host): void {
    host.status = 'starting';
    host.life += 1;
    host.port = 0;
    const process = new OsProcess({
      onReport: (report) => this.onReport(host, report),
      onEnd: (how) => this.onEnd(host, how),
    });
    host.process = process;
    process.send({
      kind: 'setup',
      scenario: this.scenario,
      process: host.index,
      life: host.life,
      directory: this.directory,
      secret: this.secret,
    });
  }

  private startNodes(host: Host): void {
    host.status = 'up';
    host.untilUs = this.clock.now();
    const resources: ResourceStatus[] = [];
    for (const address of host.nodes) {
      this.record(address, { type: 'process-up', incarnation: host.life });
      const ids = this.inventory.resourcesOf(address);
      this.behaviour.hostStarted(ids);
      for (const resource of ids) {
        const state = this.behaviour.state(resource);
        resources.push({ resource, state, incarnation: this.behaviour.incarnation(resource) });
      }
    }
    this.tellPorts();
    host.process?.send({ kind: 'start', originNs: this.clock.originNs, resources });
  }

  private tellPorts(): void {
    const ports = this.hosts.map(({ port }) => port);
    for (const { process } of this.hosts) process?.send({ kind: 'ports', ports });
  }

  private onReport(host: Host, report: Report): void {
    switch (report.kind) {
      case 'ready':
        host.port = report.port;
        this.wake();
        // At the start of the run, all wait for all; later, each starts when it is ready.
        if (this.timers !== null && host.status === 'starting') this.startNodes(host);
        return;
      case 'observed':
        return this.onObserved(host, report);
      case 'actuate':
        return this.onActuate(host, report);
      case 'left':
        return this.onLeft(host, report.process);
      case 'failed': {
        const { process, during, timeUs, stack } = report;
        return this.fail(new LiveNodeError(process, during, timeUs, stack));
      }
    }
  }

  private onObserved(host: Host, report: Extract<Report, { kind: 'observed' }>): void {
    addChanges(this.counters, report.counters);
    this.events += report.events;
    for (const [timeUs, process, observation] of report.observations) {
      host.observedUs = timeUs;
      this.merge.add(timeUs, process, observation);
      this.driver.observe(timeUs, process, observation);
    }
    if (host.status === 'up') host.untilUs = report.untilUs;
  }

  private onActuate(host: Host, order: Extract<Report, { kind: 'actuate' }>): void {
    const { resource, verb, actuation, incarnation } = order;
    if (host.status !== 'up' && host.status !== 'paused') return;
    // The agent compared what it knew; on its way here, that may have changed.
    if (this.behaviour.incarnation(resource) === incarnation) {
      this.behaviour.actuate(resource, verb, actuation);
    } else {
      this.actuated(resource, actuation, false);
    }
  }

  /** All that an OS process ever reported is in. */
  private onEnd(host: Host, how: string): void {
    const { status } = host;
    host.process = null;
    host.port = 0;
    if (this.finishing) return;
    if (status !== 'dying') return this.fail(new LiveProcessError(host.index, host.nodes, how));
    host.status = 'down';
    host.leavers.clear();
    host.unfinished.clear();
    // It may have got to do a little more before the signal reached it.
    this.deathUs = Math.max(host.untilUs, host.observedUs);
    for (const address of host.nodes) this.record(address, { type: 'process-down' });
    for (const address of host.nodes) {
      this.behaviour.hostCrashed(this.inventory.resourcesOf(address));
    }
    this.deathUs = -1;
    this.tellPorts();
    if (host.crashed.size === 0) this.spawn(host);
  }

  private hostOf(address: Address): Host {
    return this.hosts[this.layout.processOf(address)];
  }

  // -- faults of hosts and processes

  crashHost(address: Address): void {
    const host = this.hostOf(address);
    host.crashed.add(address);
    if (host.status === 'dying' || host.status === 'down') return;
    host.status = 'dying';
    host.untilUs = this.clock.now();
    host.paused.clear();
    host.process?.kill();
  }

  leaveProcess(address: Address): void {
    const host = this.hostOf(address);
    if (host.status !== 'up' && host.status !== 'paused') return;
    const first = host.leavers.size === 0;
    host.leavers.add(address);
    if (!first) return;
    for (const node of host.nodes) {
      if (node >= this.inventory.managers) continue;
      host.unfinished.add(node);
      this.record(node, { type: 'process-leaving' });
    }
    host.process?.send({ kind: 'leave' });
    const dueUs = this.clock.now() + leaveLimitUs(this.scenario.coordination);
    this.timers?.set(dueUs, LEAVE_DUE, host.life, host.index);
  }

  private onLeft(host: Host, node: Address): void {
    if (host.unfinished.delete(node) && host.unfinished.size === 0) this.endLeave(host);
  }

  private onLeaveDue(index: number, life: number): void {
    const host = this.hosts[index];
    if (host.life === life) this.endLeave(host);
  }

  private endLeave(host: Host): void {
    for (const address of host.leavers) this.crashHost(address);
  }

  restartHost(address: Address): void {
    const host = this.hostOf(address);
    host.crashed.delete(address);
    if (host.crashed.size === 0 && host.status === 'down') this.spawn(host);
  }

  pauseProcess(address: Address): void {
    const host = this.hostOf(address);
    if (host.status !== 'up' && host.status !== 'paused') return;
    host.paused.add(address);
    if (host.status === 'paused') return;
    host.status = 'paused';
    for (const node of host.nodes) this.record(node, { type: 'process-paused' });
    host.process?.pause();
  }

  resumeProcess(address: Address): void {
    const host = this.hostOf(address);
    host.paused.delete(address);
    if (host.status !== 'paused' || host.paused.size > 0) return;
    host.status = 'up';
    host.untilUs = this.clock.now();
    for (const node of host.nodes) this.record(node, { type: 'process-resumed' });
    host.process?.resume();
  }

  isHostUp(address: Address): boolean {
    const { status } = this.hostOf(address);
    return status === 'up' || status === 'paused';
  }

  isPaused(address: Address): boolean {
    return this.hostOf(address).status === 'paused';
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

  after(delayUs: number, ticket: number): void {
    this.timers?.set(this.clock.now() + delayUs, RESOURCE_DUE, 0, ticket);
  }

  resourceChanged(resource: number, state: ResourceState, incarnation: number): void {
    const agent = this.inventory.agentOf[resource];
    this.record(agent, { type: 'resource-state', resource, state, incarnation });
    this.hostOf(agent).process?.send({ kind: 'resource', resource, state, incarnation });
  }

  actuated(resource: number, actuation: number, succeeded: boolean): void {
    const host = this.hostOf(this.inventory.agentOf[resource]);
    host.process?.send({ kind: 'actuated', resource, actuation, succeeded });
  }

  // -- links: there is nothing to be done to them, and `checkLive` has seen to it that nothing is

  setPartition(): void {}

  setCut(): void {}

  setLoss(): void {}

  setImpairments(): void {}

  // -- time and truth

  now(): number {
    return this.clock.now();
  }

  schedule(atUs: number, argument: number): void {
    this.timers?.set(atUs, FAULT_DUE, 0, argument);
  }

  report(observation: WorldObservation): void {
    this.record(-1, observation.type === 'fault-began' ? this.widened(observation) : observation);
  }

  /** A fault takes all nodes that share an OS process with those it was meant for. */
  private widened(
    began: Extract<WorldObservation, { type: 'fault-began' }>,
  ): Extract<WorldObservation, { type: 'fault-began' }> {
    const hosts = new Set(began.processes.map((address) => this.hostOf(address)));
    if (hosts.size === 0) return began;
    const processes = [...hosts].flatMap(({ nodes }) => nodes);
    const resources = new Set(began.resources);
    for (const address of began.kind === 'pause' ? [] : processes) {
      for (const resource of this.inventory.resourcesOf(address)) {
        if (this.isResourceUp(resource)) resources.add(resource);
      }
    }
    const others = processes.filter((address) => !began.processes.includes(address));
    const names = others.map((address) => this.inventory.processName(address));
    const target = others.length === 0 ? '' : ` (sharing its OS process: ${names.join(', ')})`;
    return {
      ...began,
      target: `${began.target}${target}`,
      processes,
      resources: [...resources],
    };
  }

  private record(process: Address, observation: Observation): void {
    const timeUs = this.deathUs >= 0 ? this.deathUs : this.clock.now();
    this.merge.add(timeUs, process, observation);
    this.driver.observe(timeUs, process, observation);
  }
}
