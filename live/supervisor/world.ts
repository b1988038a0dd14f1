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
import type { FaultControls, MessageCounters, RunHooks } from '../../experiment/world.js';
import { Clock } from '../node/clock.js';
import { LagMeter } from '../node/lag.js';
import { TimerQueue } from '../node/timers.js';
import { LiveNodeError, LiveProcessError } from './errors.js';
import { Fleet, type FleetOptions, type FleetRun } from './fleet.js';
import type { Host } from './hosts.js';
import { allowedStallUs, LagLedger } from './lag-ledger.js';
import { TimeMerge } from './merge.js';
import type { Report } from './protocol.js';
import { Books } from './tally.js';

/** At the start of the run, OS processes have so long to connect to each other. */
const CONNECT_MS = 100;
/** And to say where they listen. */
const READY_MS = 60_000;
/** Who has computed more than that since it was told to end goes on, or will. */
const STOPPED_MS = 20;
/** Then it has so much longer: on a busy machine its turn may have been short. */
const MORE_MS = 6000;
/** Between two looks at how the supervisor itself keeps up. */
const BEAT_MS = 20;

/** Owners of the world's own timers. */
const [RESOURCE_DUE, FAULT_DUE, LEAVE_DUE] = [0, 1, 2];

export interface LiveWorldOptions extends Omit<FleetOptions, 'absent'> {
  readonly hooks: Pick<RunHooks, 'sinks' | 'stalled'>;
}

/**
 * The supervisor's side of the live world: one run of the {@link Fleet}, the faults applied to it,
 * and the managed resources, whose behaviour runs here. It survives all crashes, so the truth does.
 */
export class LiveWorld implements FaultControls, BehaviourWorld, FleetRun {
  events = 0;
  /** Why the run cannot go on; null: it can. */
  failure: Error | null = null;
  /** When the run is over: messages on their way between OS processes that lived. */
  inFlight = 0;

  private readonly inventory: Inventory;
  private readonly fleet: Fleet;
  readonly behaviour: ResourceBehaviour;
  private readonly driver: FaultDriver;
  private readonly merge: TimeMerge;
  private readonly books: Books;
  private readonly meter = new LagMeter(BEAT_MS * 1000);
  private readonly ledger: LagLedger;
  clock = Clock.startingNow();
  private timers: TimerQueue | null = null;
  private beats: NodeJS.Timeout | null = null;
  private tooLong: NodeJS.Timeout | undefined;
  isFinishing = false;
  /** While a death is recorded: when it was. */
  private deathUs = -1;
  /** Resolves what waits for OS processes to become ready, gone or finished. */
  private wake: () => void = () => {};

  constructor(options: LiveWorldOptions) {
    const { scenario, inventory, hooks } = options;
    this.books = new Books(wireOf(scenario.coordination.fromPlugins).types);
    this.inventory = inventory;
    this.merge = new TimeMerge(hooks.sinks);
    const { system: { kinds }, seed, faults } = scenario;
    const { processes, resources } = latecomers(faults, inventory);
    this.behaviour = new ResourceBehaviour(this, inventory, kinds, seed, resources);
    this.driver = new FaultDriver(scenario, inventory, this);
    this.fleet = new Fleet({ ...options, absent: new Set(processes) }, this);
    const { coordination } = scenario;
    this.ledger = new LagLedger(
      this.fleet.hosts.map(({ nodes }) => nodes.map((node) => inventory.processName(node))),
      allowedStallUs(coordination, deriveBounds(scenario)),
      coordination.actions.timeoutUs,
      (fromUs, untilUs) => hooks.stalled?.(fromUs, untilUs),
    );
  }

  get hasBegun(): boolean {
    return this.timers !== null;
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
    const first = this.fleet.spawnFirst();
    const tooLong = setTimeout(() => this.fleet.failUnready(READY_MS), READY_MS);
    await this.until(() => this.isFinishing || first.every(({ port }) => port > 0));
    clearTimeout(tooLong);
    this.fleet.tellPeers();
    // Nodes do not have to wait for connections, but a start without lost messages is quieter.
    await delay(CONNECT_MS);
    if (this.failure !== null || this.isFinishing) return;
    this.clock = Clock.startingNow();
    this.timers = new TimerQueue(this.clock, (what, kind, argument) => {
      if (what === FAULT_DUE) this.driver.due(argument);
      else if (what === LEAVE_DUE) this.fleet.leaveIsDue(argument, kind);
      else this.behaviour.due(argument);
    }, (dueUs, firedUs) => this.meter.timer(dueUs, firedUs));
    this.beats = setInterval(() => this.beat(), BEAT_MS);
    for (const host of first) this.fleet.startNodes(host);
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
    return this.fleet.toldUntilUs;
  }

  /** Stops the nodes, takes their last reports, and ends every OS process within the time. */
  async finish(withinMs: number): Promise<void> {
    this.stop();
    const endUs = this.now();
    const { hosts } = this.fleet;
    for (const host of hosts) if (host.status === 'stopped') this.fleet.proceed(host);
    this.fleet.tellAll({ kind: 'finish' });
    const computedMs = hosts.map(({ process }) => process?.computedMs() ?? 0);
    this.tooLong = setTimeout(() => this.giveUp(endUs, computedMs, MORE_MS), withinMs);
    // Nobody goes before all have stopped: what they still sent is to arrive.
    await this.until(() => hosts.every(({ process, finished }) => process === null || finished));
    clearTimeout(this.tooLong);
    this.fleet.tellAll({ kind: 'go' });
    this.tooLong = setTimeout(() => this.fleet.kill(), withinMs);
    await this.fleet.allGone();
    clearTimeout(this.tooLong);
    this.inFlight = this.books.close(({ process, life }) => hosts[process].died.has(life));
  }

  /** Ends every OS process at once, whatever state it is in. */
  async abort(): Promise<void> {
    this.stop();
    this.fleet.kill();
    await this.fleet.allGone();
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
    this.isFinishing = true;
    this.timers?.stop();
    if (this.beats !== null) clearInterval(this.beats);
  }

  /**
   * Ends who has not ended in time. If it stands still, it did so up to the end: that is a stall.
   * If it computes, more than when it was told, it has more time, once; then it has a defect.
   */
  private giveUp(endUs: number, computedMs: readonly number[], moreMs: number): void {
    for (const { process, index, nodes, untilUs, finished } of this.fleet.hosts) {
      if (process === null || finished) continue;
      if (process.computedMs() - computedMs[index] <= STOPPED_MS) {
        process.kill();
        this.ledger.add(index, { bins: [], late: [], stalls: [[untilUs, endUs, 0]] }, []);
      } else if (moreMs === 0) {
        process.kill();
        const silentS = ((endUs - untilUs) / 1e6).toFixed(2);
        this.fail(new LiveProcessError(index, nodes, `computes for ever, silent for ${silentS} s`));
      }
    }
    if (moreMs > 0) this.tooLong = setTimeout(() => this.giveUp(endUs, computedMs, 0), moreMs);
  }

  private async until(condition: () => boolean): Promise<void> {
    while (this.failure === null && !condition()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  // -- the nodes

  turned(): void {
    this.wake();
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  accident(why: string, nodes: readonly Address[]): void {
    this.driver.accident(why, nodes);
  }

  waitForLeave(dueUs: number, life: number, address: Address): void {
    this.timers?.set(dueUs, LEAVE_DUE, life, address);
  }

  onReport(host: Host, report: Report): void {
    switch (report.kind) {
      case 'ready':
        return this.fleet.onReady(host, report.port);
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
        return this.fleet.endLeave(report.process);
      case 'crashed':
        return this.fleet.onCrashed(report.process, report.timeUs);
      case 'fell':
        return this.fleet.onFell(report.process, report.timeUs, report.why);
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

  // -- faults of nodes

  crashHost(address: Address): void {
    this.fleet.crashHost(address);
  }

  restartHost(address: Address): void {
    this.fleet.restartHost(address);
  }

  leaveProcess(address: Address): void {
    this.fleet.leaveProcess(address);
  }

  pauseProcess(address: Address): void {
    this.fleet.pauseProcess(address);
  }

  resumeProcess(address: Address): void {
    this.fleet.resumeProcess(address);
  }

  isHostUp(address: Address): boolean {
    return this.fleet.nodes[address].isUp;
  }

  isPaused(address: Address): boolean {
    return this.fleet.nodes[address].status === 'paused';
  }

  // -- resources

  decommission(resources: readonly number[]): void {
    const { managers } = this.inventory;
    const told = this.fleet.nodes.find(({ address, status }) =>
      address < managers && status === 'up');
    if (told === undefined) return;
    this.record(-1, { type: 'decommission-asked', resources });
    this.fleet.tell(told.address, { kind: 'decommission', node: told.address, resources });
  }

  commission(resources: readonly number[], nodes: readonly Address[]): void {
    this.record(-1, { type: 'resources-commissioned', resources });
    this.fleet.commission(resources, nodes);
  }

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
    this.fleet.tell(agent, { kind: 'resource', resource, state, incarnation });
  }

  actuated(resource: number, actuation: number, succeeded: boolean): void {
    const agent = this.inventory.agentOf[resource];
    this.fleet.tell(agent, { kind: 'actuated', resource, actuation, succeeded });
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

  dated(timeUs: number, body: () => void): void {
    this.deathUs = timeUs;
    body();
    this.deathUs = -1;
  }

  record(process: Address, observation: Observation): void {
    const timeUs = this.deathUs >= 0 ? this.deathUs : this.now();
    this.merge.add(timeUs, process, observation);
    this.driver.observe(timeUs, process, observation);
  }
}
