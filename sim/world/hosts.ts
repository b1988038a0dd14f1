import type { Address, AgentProcess, Environment, Process, Resources } from '../../core/process.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type { ResourceBehaviour } from '../../experiment/behaviour.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import { leaveLimitUs } from '../../experiment/world.js';
import type { EventLoop } from '../engine/loop.js';
import { DOWN, PAUSED, UP, type Dispatch } from './dispatch.js';
import { EXIT, LEAVE_DUE } from './events.js';
import { InterruptibleEnvironment } from './interruption.js';
import type { Reads } from './lookahead.js';

/** Makes the processes, anew at each start of their hosts. */
export interface ProcessFactory {
  /** @param generation - how often the host has lost its store, and with it its node id */
  manager(environment: Environment, generation: number): Process;
  agent(environment: Environment, resources: Resources): AgentProcess;
  /** What a large world may read ahead of their events; without it none does. */
  readonly reads?: Reads;
}

export interface HostsOptions {
  readonly scenario: Pick<ResolvedScenario, 'coordination'>;
  readonly inventory: Inventory;
  readonly processes: ProcessFactory;
  readonly sink: ObservationSink;
}

/** The life of hosts, each with its process and resources: they start, crash, leave and pause. */
export class Hosts {
  private readonly dispatch: Dispatch;
  private readonly behaviour: ResourceBehaviour;
  private readonly inventory: Inventory;
  private readonly factory: ProcessFactory;
  private readonly sink: ObservationSink;
  private readonly coordination: ResolvedScenario['coordination'];
  private readonly loop: EventLoop;
  private readonly processes: (Process | null)[];
  private readonly status: Uint8Array;
  private readonly lives: Int32Array;
  /** How often hosts have lost their stores, of those that have. */
  private readonly generations = new Map<Address, number>();
  /** Processes that were told to go, and when. */
  private readonly leaving = new Map<Address, number>();
  /** Resources whose agents are still to hear that they are to be managed again. */
  private readonly commissioned = new Map<Address, number[]>();
  /** Those to be decommissioned, not commissioned since, and whether the answer was: they are. */
  private readonly dismissed = new Map<number, boolean>();
  /** Hosts that have lost their stores and not started since. */
  private readonly blank = new Set<Address>();
  /** Hosts that are not there yet. */
  private readonly absent: Set<Address>;
  /** Processes that have nothing left to do: in which life. */
  private readonly exits = new Map<Address, number>();

  /** @param absent - hosts that are not there yet */
  constructor(
    dispatch: Dispatch, behaviour: ResourceBehaviour, options: HostsOptions,
    absent: ReadonlySet<Address>,
  ) {
    this.absent = new Set(absent);
    this.dispatch = dispatch;
    this.behaviour = behaviour;
    this.inventory = options.inventory;
    this.factory = options.processes;
    this.sink = options.sink;
    this.coordination = options.scenario.coordination;
    this.loop = dispatch.loop;
    this.processes = dispatch.processes;
    this.status = dispatch.status;
    this.lives = dispatch.lives;
  }

  restartHost(address: Address): void {
    if (this.status[address] !== DOWN || this.absent.has(address)) return;
    this.status[address] = UP;
    this.lives[address] += 1;
    const incarnation = this.lives[address];
    const generation = this.generations.get(address);
    const lost = generation === undefined ? {} : { generation };
    this.observe(address, { type: 'process-up', incarnation, ...lost });
    const isManager = address < this.inventory.managers;
    const resources = isManager ? null : this.behaviour.resourcesOf(address);
    if (this.blank.delete(address)) this.setUp(address);
    if (resources !== null) this.behaviour.hostStarted(resources.ids);
    this.dispatch.within(address, (view) => {
      try {
        const process =
          resources === null
            ? this.factory.manager(view, generation ?? 0)
            : this.factory.agent(view, resources);
        this.processes[address] = process;
        process.start();
      } catch (error) {
        this.dispatch.fail(address, 'start', error);
      }
    });
    this.tellCommissioned(address);
  }

  /** Nothing on it tells what had been decommissioned: whoever sets it up leaves that out. */
  private setUp(address: Address): void {
    for (const resource of this.inventory.resourcesOf(address)) {
      if (this.dismissed.get(resource) === true) this.behaviour.leaveOut(resource);
    }
  }

  decommission(resources: readonly number[]): void {
    const { managers } = this.inventory;
    let address = 0;
    while (address < managers && this.status[address] !== UP) address += 1;
    if (address === managers) return;
    this.observe(-1, { type: 'decommission-asked', resources });
    for (const resource of resources) {
      if (!this.dismissed.has(resource)) this.dismissed.set(resource, false);
    }
    this.dispatch.within(address, () => {
      try {
        this.processes[address]!.decommission?.(resources);
      } catch (error) {
        this.dispatch.fail(address, 'decommission', error);
      }
    });
  }

  /** So whoever runs the system was told. */
  decommissioned(resource: number): void {
    if (this.dismissed.has(resource)) this.dismissed.set(resource, true);
  }

  commission(resources: readonly number[], hosts: readonly Address[]): void {
    this.observe(-1, { type: 'resources-commissioned', resources });
    const agents = new Set<Address>();
    for (const resource of resources) {
      const agent = this.inventory.agentOf[resource];
      this.dismissed.delete(resource);
      this.behaviour.commission(resource, this.status[agent] !== DOWN);
      this.commissioned.set(agent, [...this.commissioned.get(agent) ?? [], resource]);
      agents.add(agent);
    }
    const { managers } = this.inventory;
    for (let manager = 0; manager < managers; manager += 1) this.tell(manager, resources);
    for (const agent of agents) this.tellCommissioned(agent);
    for (const host of hosts) if (this.absent.delete(host)) this.restartHost(host);
  }

  private tellCommissioned(address: Address): void {
    const resources = this.commissioned.get(address);
    if (resources === undefined || this.status[address] !== UP) return;
    this.commissioned.delete(address);
    this.tell(address, resources);
  }

  /** That these are commissioned; who stands still has heard it once it goes on. */
  private tell(address: Address, resources: readonly number[]): void {
    this.dispatch.within(address, () => {
      try {
        this.processes[address]?.commission?.(resources);
      } catch (error) {
        this.dispatch.fail(address, 'commission', error);
      }
    });
  }

  crashHost(address: Address): void {
    if (this.status[address] === DOWN) return;
    this.status[address] = DOWN;
    this.leaving.delete(address);
    this.processes[address] = null;
    this.spareInside(address);
    this.dispatch.environment.loseUnsynced(address);
    this.observe(address, { type: 'process-down' });
    this.behaviour.hostCrashed(this.inventory.resourcesOf(address));
    this.dispatch.handleHeld(address);
  }

  loseState(address: Address): void {
    if (this.status[address] !== DOWN) return;
    this.dispatch.environment.loseState(address);
    this.generations.set(address, (this.generations.get(address) ?? 0) + 1);
    this.blank.add(address);
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
    this.dispatch.within(address, () => {
      try {
        process.leave!();
      } catch (error) {
        this.dispatch.fail(address, 'leave', error);
      }
    });
  }

  /** What the process asks for while it is at work: done once it is not. */
  exit(address: Address): void {
    if (this.exits.get(address) === this.lives[address]) return;
    this.exits.set(address, this.lives[address]);
    this.loop.scheduleWorld(this.loop.now + 1, EXIT, address);
  }

  /** Its time is up, if it still is about the leave that began so long ago. */
  endLeave(address: Address): void {
    const beganUs = this.loop.now - leaveLimitUs(this.coordination);
    if (this.leaving.get(address) === beganUs) this.crashHost(address);
  }

  takeDown(address: Address): void {
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
    this.tellCommissioned(address);
    this.dispatch.handleHeld(address);
  }

  /**
   * Crashes the host inside the call that its process makes to its environment after `calls` more
   * of them: those before happen, that one and all later ones do not. Only if `interruptible`.
   */
  crashInside(address: Address, calls: number): void {
    const { view } = this.dispatch;
    if (!(view instanceof InterruptibleEnvironment)) throw new TypeError('not interruptible');
    view.interruptAfter(address, calls);
  }

  spareInside(address: Address): void {
    const { view } = this.dispatch;
    if (view instanceof InterruptibleEnvironment) view.spare(address);
  }

  private observe(process: Address, observation: Observation): void {
    this.sink.observe(this.loop.now, process, observation);
  }
}
