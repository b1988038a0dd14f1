import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { wireOf } from '../../core/codec.js';
import type { ResourceState } from '../../core/metamodel/entity.js';
import type { Observation, WorldObservation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ResourceBehaviour, type BehaviourWorld } from '../../experiment/behaviour.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { FaultDriver, latecomers } from '../../experiment/faults/index.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { LiveResult } from '../../experiment/lag.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import {
  leaveLimitUs, type FaultControls, type MessageCounters, type RunHooks,
} from '../../experiment/world.js';
import { Clock } from '../node/clock.js';
import { LagMeter } from '../node/lag.js';
import { TimerQueue } from '../node/timers.js';
import { LiveNodeError, LiveProcessError } from './errors.js';
import { Host, Node } from './hosts.js';
import { allowedStallUs, LagLedger } from './lag-ledger.js';
import { Layout } from './layout.js';
import { TimeMerge } from './merge.js';
import { OsProcess } from './os-process.js';
import { withoutCode } from './from-plugins.js';
import type { Report, ResourceStatus } from './protocol.js';
import { Books } from './tally.js';

/** At the start of the run, OS processes have so long to connect to each other. */
const CONNECT_MS = 100;
/** And to say where they listen. */
const READY_MS = 60_000;
/** Of the kernel's clock in /proc. */
const MS_PER_TICK = 10;
/** Who has computed for so much of the time to end stands still by its own doing. */
const BUSY_SHARE = 0.1;
/** Between two looks at how the supervisor itself keeps up. */
const BEAT_MS = 20;

/** Owners of the world's own timers. */
const RESOURCE_DUE = 0;
const FAULT_DUE = 1;
const LEAVE_DUE = 2;

export interface LiveWorldOptions {
  readonly scenario: ResolvedScenario;
  readonly inventory: Inventory;
  readonly hooks: Pick<RunHooks, 'sinks' | 'stalled'>;
  /** Where hosts keep their stores. */
  readonly directory: string;
  /** Modules that implement what the scenario names. */
  readonly plugins: readonly string[];
}

/**
 * The supervisor's side of the live world: the OS processes that host the nodes, the faults
 * applied to them, and the managed resources, whose behaviour runs here. It survives all crashes,
 * so the truth does. What is done to a node is done to it alone: to its OS process where it has
 * one for its own, else inside the one that it shares.
 */
export class LiveWorld implements FaultControls, BehaviourWorld {
  events = 0;
  /** Why the run cannot go on; null: it can. */
  failure: Error | null = null;
  /** When the run is over: messages on their way between OS processes that lived. */
  inFlight = 0;

  private readonly options: LiveWorldOptions;
  private readonly inventory: Inventory;
  private readonly secret = randomBytes(16).toString('hex');
  private readonly hosts: readonly Host[];
  private readonly nodes: readonly Node[];
  private readonly behaviour: ResourceBehaviour;
  private readonly driver: FaultDriver;
  private readonly merge: TimeMerge;
  private readonly books: Books;
  private readonly meter = new LagMeter(BEAT_MS * 1000);
  private readonly ledger: LagLedger;
  private clock = Clock.startingNow();
  private timers: TimerQueue | null = null;
  private beats: NodeJS.Timeout | null = null;
  private finishing = false;
  /** Resources whose agents are still to hear that they are to be managed again. */
  private readonly commissioned = new Map<Address, number[]>();
  /** Nodes that are not there yet. */
  private readonly absent: Set<Address>;
  /** While a death is recorded: when it was. */
  private deathUs = -1;
  /** Resolves what waits for OS processes to become ready, gone or finished. */
  private wake: () => void = () => {};

  constructor(options: LiveWorldOptions) {
    const { scenario, inventory, hooks } = options;
    this.books = new Books(wireOf(scenario.coordination.fromPlugins).types);
    this.options = options;
    this.inventory = inventory;
    this.merge = new TimeMerge(hooks.sinks);
    const { system: { kinds }, seed, faults } = scenario;
    const { processes, resources } = latecomers(faults, inventory);
    this.absent = new Set(processes);
    this.behaviour = new ResourceBehaviour(this, inventory, kinds, seed, resources);
    this.driver = new FaultDriver(scenario, inventory, this);
    const layout = new Layout(scenario, inventory);
    this.hosts = Array.from({ length: layout.processes }, (_, index) =>
      new Host(index, layout.nodesOf(index)));
    this.nodes = Array.from({ length: inventory.managers + inventory.agents }, (_, address) =>
      new Node(address, this.hosts[layout.processOf(address)]));
    const { coordination } = scenario;
    this.ledger = new LagLedger(
      this.hosts.map(({ nodes }) => nodes.map((node) => inventory.processName(node))),
      allowedStallUs(coordination, deriveBounds(scenario)),
      coordination.actions.timeoutUs,
      (fromUs, untilUs) => hooks.stalled?.(fromUs, untilUs),
    );
  }

  get counters(): MessageCounters {
    return this.books.counters;
  }

  /** Faults that were due and hit nobody. */
  get faultsSkipped(): number {
    return this.driver.skipped;
  }

  // -- the run

  /** Starts all OS processes; when all are ready, time begins and the nodes start. */
  async start(): Promise<void> {
    for (const node of this.nodes) if (!this.absent.has(node.address)) node.status = 'starting';
    const first = this.hosts.filter(({ nodes }) => nodes.some((node) => !this.absent.has(node)));
    for (const host of first) this.spawn(host);
    const tooLong = setTimeout(() => this.giveUpStart(), READY_MS);
    await this.until(() => this.finishing || first.every(({ port }) => port > 0));
    clearTimeout(tooLong);
    this.tellPeers();
    // Nodes do not have to wait for connections, but a start without lost messages is quieter.
    await delay(CONNECT_MS);
    if (this.failure !== null || this.finishing) return;
    this.clock = Clock.startingNow();
    this.timers = new TimerQueue(this.clock, (what, kind, argument) => {
      if (what === FAULT_DUE) this.driver.due(argument);
      else if (what === LEAVE_DUE) this.onLeaveDue(argument, kind);
      else this.behaviour.due(argument);
    }, (dueUs, firedUs) => this.meter.timer(dueUs, firedUs));
    this.beats = setInterval(() => this.beat(), BEAT_MS);
    for (const host of first) this.startNodes(host);
    this.driver.start();
  }

  /** While it is starting: nobody waits for that any more, nor asks why it fails. */
  async giveUpStarting(): Promise<void> {
    const aborted = this.abort();
    this.wake();
    await aborted;
    this.failure = null;
  }

  /** The supervisor is no part of what is measured: whatever keeps it, also itself, is a stall. */
  private beat(): void {
    this.meter.beat(this.now(), 0);
  }

  /** Passes on what was observed before this time. */
  release(untilUs: number): void {
    // A stall of the supervisor comes before what was observed after it.
    if (this.timers !== null) this.beat();
    this.ledger.add(this.ledger.supervisor, this.meter.take(), []);
    this.merge.release(untilUs);
  }

  /** Nothing earlier will be observed any more, however long somebody stands still. */
  horizonUs(): number {
    let horizonUs = this.now();
    for (const host of this.hosts) {
      if (host.mayTell) horizonUs = Math.min(horizonUs, host.untilUs);
    }
    return horizonUs;
  }

  /** Stops the nodes, takes their last reports, and ends every OS process within the time. */
  async finish(withinMs: number): Promise<void> {
    this.stop();
    const endUs = this.now();
    for (const host of this.hosts) {
      if (host.status === 'stopped') this.proceed(host);
      host.process?.send({ kind: 'finish' });
    }
    const computed = this.hosts.map(({ process }) => process?.computed() ?? 0);
    const tooLong = setTimeout(() => this.giveUp(endUs, withinMs, computed), withinMs);
    // Nobody goes before all have stopped: what they still sent is to arrive.
    await this.until(() => this.hosts.every(({ process, finished }) =>
      process === null || finished));
    for (const { process } of this.hosts) process?.send({ kind: 'go' });
    await this.allGone();
    clearTimeout(tooLong);
    this.inFlight = this.books.close(({ process, life }) => this.hosts[process].died.has(life));
  }

  /** Ends every OS process at once, whatever state it is in. */
  async abort(): Promise<void> {
    this.stop();
    for (const { process } of this.hosts) process?.kill();
    await this.allGone();
  }

  throwFailure(): void {
    if (this.failure !== null) throw this.failure;
  }

  /** To be asked for when the run is over. */
  result(): LiveResult {
    const { voidBecause, busy } = this.ledger;
    return { lag: this.ledger.figures(), voidBecause, busy };
  }

  private stop(): void {
    this.finishing = true;
    this.timers?.stop();
    if (this.beats !== null) clearInterval(this.beats);
  }

  private giveUpStart(): void {
    for (const { index, nodes, port, process } of this.hosts) {
      if (port > 0 || process === null) continue;
      return this.fail(new LiveProcessError(index, nodes, `not ready after ${READY_MS / 1000} s`));
    }
  }

  /**
   * Who has not ended has not got to it: it stood still up to the end, unless it has computed ever
   * since it was told; that is no fault of the machine's.
   *
   * @param computed - by each when it was told, in ticks
   */
  private giveUp(endUs: number, withinMs: number, computed: readonly number[]): void {
    for (const { process, index, nodes, untilUs } of this.hosts) {
      if (process === null) continue;
      const computedMs = (process.computed() - computed[index]) * MS_PER_TICK;
      process.kill();
      if (computedMs > withinMs * BUSY_SHARE) {
        const hungS = (endUs - untilUs) / 1e6;
        const words = `it computes without an end, and has told nothing for ${hungS.toFixed(2)} s`;
        this.fail(new LiveProcessError(index, nodes, words));
      } else {
        this.ledger.add(index, { bins: [], late: [], stalls: [[untilUs, endUs, 0]] }, []);
      }
    }
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
    host.untilUs = this.now();
    const process = new OsProcess({
      onReport: (report) => this.onReport(host, report),
      onEnd: (how, end) => this.onEnd(host, how, end),
    });
    host.process = process;
    const { scenario, plugins, directory } = this.options;
    process.send({
      kind: 'setup', scenario: withoutCode(scenario), plugins, directory,
      process: host.index, life: host.life, secret: this.secret,
    });
  }

  /** It is ready: those of its nodes that are to be up, and are not, start. */
  private startNodes(host: Host): void {
    host.status = 'up';
    host.untilUs = this.now();
    this.tellPeers();
    for (const address of host.nodes) {
      const node = this.nodes[address];
      if (node.status === 'starting') this.startNode(node);
    }
  }

  private startNode(node: Node): void {
    const { address, host } = node;
    node.status = 'up';
    node.life += 1;
    node.leaving = false;
    this.record(address, { type: 'process-up', incarnation: node.life });
    const ids = this.behaviour.idsOf(address);
    this.behaviour.hostStarted(ids);
    const resources = ids.map((resource): ResourceStatus => ({
      resource, state: this.behaviour.state(resource),
      incarnation: this.behaviour.incarnation(resource),
    }));
    const { originNs } = this.clock;
    const { life } = node;
    const atUs = this.now();
    host.process?.send({ kind: 'start', node: address, life, originNs, atUs, resources });
    this.tellCommissioned(node);
  }

  decommission(resources: readonly number[]): void {
    const { managers } = this.inventory;
    const node = this.nodes.find(({ address, status }) => address < managers && status === 'up');
    if (node === undefined) return;
    this.record(-1, { type: 'decommission-asked', resources });
    node.host.process?.send({ kind: 'decommission', node: node.address, resources });
  }

  commission(resources: readonly number[], nodes: readonly Address[]): void {
    this.record(-1, { type: 'resources-commissioned', resources });
    for (const resource of resources) {
      const agent = this.inventory.agentOf[resource];
      this.behaviour.commission(resource, this.isHostUp(agent));
      this.commissioned.set(agent, [...this.commissioned.get(agent) ?? [], resource]);
      this.tellCommissioned(this.nodes[agent]);
    }
    for (const node of nodes) if (this.absent.delete(node)) this.restartHost(node);
  }

  private tellCommissioned({ address, isUp, host }: Node): void {
    const resources = this.commissioned.get(address);
    if (resources === undefined || !isUp) return;
    this.commissioned.delete(address);
    host.process?.send({ kind: 'commission', node: address, resources });
  }

  private tellPeers(): void {
    const peers = this.hosts.map(({ port, life }) => ({ port, life }));
    for (const { process } of this.hosts) process?.send({ kind: 'peers', peers });
  }

  private onReport(host: Host, report: Report): void {
    switch (report.kind) {
      case 'ready':
        host.port = report.port;
        this.wake();
        // At the start of the run, all wait for all; later, each starts when it is ready.
        if (this.timers !== null && !this.finishing && host.status === 'starting') {
          this.startNodes(host);
        }
        return;
      case 'observed':
        return this.onObserved(host, report);
      case 'finished':
        host.finished = true;
        return this.wake();
      case 'actuate':
        return this.onActuate(report);
      case 'retired':
        return this.behaviour.retire(report.resource);
      case 'left':
        return this.endLeave(this.nodes[report.process]);
      case 'crashed':
        return this.onCrashed(this.nodes[report.process], report.timeUs);
      case 'fell':
        return this.onFell(this.nodes[report.process], report.timeUs, report.why);
      case 'failed': {
        const { process, during, timeUs, stack } = report;
        return this.fail(new LiveNodeError(process, during, timeUs, stack));
      }
    }
  }

  private onObserved(host: Host, report: Extract<Report, { kind: 'observed' }>): void {
    const { index: process, life, pauses } = host;
    this.books.add({ process, life }, report.counters, report.links);
    this.ledger.add(process, report.lag, pauses);
    this.events += report.events;
    for (const [timeUs, process, observation] of report.observations) {
      this.merge.add(timeUs, process, observation);
      this.driver.observe(timeUs, process, observation);
    }
    host.untilUs = report.untilUs;
  }

  private onActuate(order: Extract<Report, { kind: 'actuate' }>): void {
    const { resource, verb, actuation, incarnation } = order;
    if (!this.isHostUp(this.inventory.agentOf[resource])) return;
    // The agent compared what it knew; on its way here, that may have changed.
    if (this.behaviour.incarnation(resource) === incarnation) {
      this.behaviour.actuate(resource, verb, actuation);
    } else {
      this.actuated(resource, actuation, false);
    }
  }

  /** All that an OS process ever reported is in. */
  private onEnd(
    host: Host, how: string,
    { code, signal }: { readonly code: number | null; readonly signal: string | null },
  ): void {
    const called = host.status === 'dying';
    host.process = null;
    host.port = 0;
    if (called || signal !== null) host.died.add(host.life);
    host.status = 'down';
    // When the run is over, all end in good order, unless they have a defect or are killed.
    const isDefect = this.finishing
      ? signal === null && code !== 0
      : !called && (signal === null || this.timers === null);
    if (isDefect) return this.fail(new LiveProcessError(host.index, host.nodes, how));
    if (this.finishing) return this.wake();
    this.proceed(host);
    const nodes = host.nodes.map((node) => this.nodes[node]);
    // Of those that it was to bring up nothing has come.
    const fresh = nodes.filter(({ status }) => status === 'starting');
    const dead = nodes.filter(({ status, isUp }) => isUp || status === 'dying');
    // One that was killed may have got to do a little more before the signal reached it.
    const timeUs = called ? Math.max(host.killedUs, host.untilUs) : this.now();
    if (!called) {
      for (const node of fresh) node.status = 'down';
      this.accident([...dead, ...fresh], timeUs, `its OS process ended by itself: ${how}`);
    }
    this.tellPeers();
    for (const node of dead) this.onDown(node, timeUs);
    if (nodes.some(({ status }) => status === 'starting')) this.revive(host);
  }

  private revive(host: Host): void {
    if (host.status === 'down') this.spawn(host);
  }

  /** A fault that nobody asked for, and that is one like any other. */
  private accident(nodes: readonly Node[], timeUs: number, why: string): void {
    this.deathUs = timeUs;
    this.driver.accident(why, nodes.map(({ address }) => address));
    this.deathUs = -1;
  }

  private onDown(node: Node, timeUs: number): void {
    node.status = 'down';
    this.deathUs = timeUs;
    this.record(node.address, { type: 'process-down' });
    this.behaviour.hostCrashed(this.inventory.resourcesOf(node.address));
    this.deathUs = -1;
    if (node.returns) this.restartHost(node.address);
  }

  private onCrashed(node: Node, timeUs: number): void {
    if (node.status === 'dying') this.onDown(node, timeUs);
  }

  private onFell(node: Node, timeUs: number, why: string): void {
    // It was about to be crashed all the same.
    if (!node.isUp) return this.onCrashed(node, timeUs);
    this.accident([node], timeUs, `its store failed: ${why}`);
    this.onDown(node, timeUs);
    if (node.host.isOfOne) this.kill(node.host);
  }

  private kill(host: Host): void {
    host.status = 'dying';
    host.killedUs = this.now();
    host.process?.kill();
  }

  /** It is not stopped any more. */
  private proceed(host: Host): void {
    const last = host.pauses.pop();
    if (last !== undefined) host.pauses.push([last[0], Math.min(last[1], this.now())]);
    if (host.status !== 'stopped') return;
    host.status = 'up';
    host.process?.resume();
  }

  // -- faults of hosts and processes

  crashHost(address: Address): void {
    const node = this.nodes[address];
    const { host, status } = node;
    node.returns = false;
    if (status === 'dying' || status === 'down') return;
    node.status = status === 'starting' ? 'down' : 'dying';
    if (host.isOfOne) this.kill(host);
    else host.process?.send({ kind: 'crash', node: address });
  }

  leaveProcess(address: Address): void {
    const node = this.nodes[address];
    if (!node.isUp || node.leaving) return;
    node.leaving = true;
    this.record(address, { type: 'process-leaving' });
    node.host.process?.send({ kind: 'leave', node: address });
    const dueUs = this.now() + leaveLimitUs(this.options.scenario.coordination);
    this.timers?.set(dueUs, LEAVE_DUE, node.life, address);
  }

  private onLeaveDue(address: Address, life: number): void {
    const node = this.nodes[address];
    if (node.life === life) this.endLeave(node);
  }

  private endLeave(node: Node): void {
    if (node.isUp && node.leaving) this.crashHost(node.address);
  }

  restartHost(address: Address): void {
    const node = this.nodes[address];
    const { host, status } = node;
    if (status === 'dying') node.returns = true;
    if (status !== 'down' || this.finishing || this.absent.has(address)) return;
    node.returns = false;
    node.status = 'starting';
    if (host.status === 'up') this.startNode(node);
    else this.revive(host);
  }

  pauseProcess(address: Address): void {
    const node = this.nodes[address];
    const { host } = node;
    if (node.status !== 'up') return;
    node.status = 'paused';
    this.record(address, { type: 'process-paused' });
    if (host.isOfOne) {
      host.status = 'stopped';
      host.pauses.push([this.now(), Infinity]);
      host.process?.pause();
    } else host.process?.send({ kind: 'pause', node: address });
  }

  resumeProcess(address: Address): void {
    const node = this.nodes[address];
    const { host } = node;
    if (node.status !== 'paused') return;
    node.status = 'up';
    this.record(address, { type: 'process-resumed' });
    if (host.isOfOne) this.proceed(host);
    else host.process?.send({ kind: 'resume', node: address });
  }

  isHostUp(address: Address): boolean {
    return this.nodes[address].isUp;
  }

  isPaused(address: Address): boolean {
    return this.nodes[address].status === 'paused';
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
    this.timers?.set(this.now() + delayUs, RESOURCE_DUE, 0, ticket);
  }

  resourceChanged(resource: number, state: ResourceState, incarnation: number): void {
    const agent = this.inventory.agentOf[resource];
    this.record(agent, { type: 'resource-state', resource, state, incarnation });
    const { process } = this.nodes[agent].host;
    process?.send({ kind: 'resource', resource, state, incarnation });
  }

  actuated(resource: number, actuation: number, succeeded: boolean): void {
    const { process } = this.nodes[this.inventory.agentOf[resource]].host;
    process?.send({ kind: 'actuated', resource, actuation, succeeded });
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
    this.record(-1, observation);
  }

  private record(process: Address, observation: Observation): void {
    const timeUs = this.deathUs >= 0 ? this.deathUs : this.now();
    this.merge.add(timeUs, process, observation);
    this.driver.observe(timeUs, process, observation);
  }
}
