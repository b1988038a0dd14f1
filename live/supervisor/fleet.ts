/**
 * The OS processes that host the nodes of a live run, and the nodes in them: they start, crash,
 * leave and pause. What is done to a node is done to it alone: to its OS process where it has one
 * for its own, else inside the one that it shares.
 */
import { randomBytes } from 'node:crypto';
import type { Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { ResourceBehaviour } from '../../experiment/behaviour.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/resolved.js';
import { leaveLimitUs } from '../../experiment/world.js';
import type { Clock } from '../node/clock.js';
import { LiveProcessError } from './errors.js';
import { withoutCode } from './from-plugins.js';
import { Host, Node } from './hosts.js';
import { Layout } from './layout.js';
import { OsProcess } from './os-process.js';
import type { Order, Report, ResourceStatus } from './protocol.js';

/** The run that the nodes are in. */
export interface FleetRun {
  readonly clock: Clock;
  readonly behaviour: ResourceBehaviour;
  /** All nodes have been told to start. */
  readonly hasBegun: boolean;
  readonly isFinishing: boolean;
  onReport(host: Host, report: Report): void;
  /** An OS process has become ready, or has ended. */
  turned(): void;
  /** The run cannot go on. */
  fail(error: Error): void;
  record(process: Address, observation: Observation): void;
  /** What is recorded meanwhile happened then. */
  dated(timeUs: number, body: () => void): void;
  /** A fault that nobody asked for. */
  accident(why: string, nodes: readonly Address[]): void;
  /** `leaveIsDue` is to be called then. */
  waitForLeave(dueUs: number, life: number, address: Address): void;
}

export interface FleetOptions {
  readonly scenario: ResolvedScenario;
  readonly inventory: Inventory;
  /** Where hosts keep their stores. */
  readonly directory: string;
  /** Modules that implement what the scenario names. */
  readonly plugins: readonly string[];
  /** Nodes that are not there yet. */
  readonly absent: ReadonlySet<Address>;
}

export class Fleet {
  readonly hosts: readonly Host[];
  readonly nodes: readonly Node[];
  private readonly options: FleetOptions;
  private readonly run: FleetRun;
  private readonly secret = randomBytes(16).toString('hex');
  private readonly absent: Set<Address>;
  /** Resources whose agents are still to hear that they are to be managed again. */
  private readonly commissioned = new Map<Address, number[]>();

  constructor(options: FleetOptions, run: FleetRun) {
    const { scenario, inventory, absent } = options;
    this.options = options;
    this.run = run;
    this.absent = new Set(absent);
    const layout = new Layout(scenario, inventory);
    this.hosts = Array.from({ length: layout.processes }, (_, index) =>
      new Host(index, layout.nodesOf(index)));
    this.nodes = Array.from({ length: inventory.managers + inventory.agents }, (_, address) =>
      new Node(address, this.hosts[layout.processOf(address)]));
  }

  /** Nothing earlier will be observed in them any more, however long somebody stands still. */
  get toldUntilUs(): number {
    return this.hosts.reduce((least, { mayTell, untilUs }) =>
      mayTell ? Math.min(least, untilUs) : least, this.now());
  }

  /** Starts the OS processes of all nodes that are there from the beginning; returns them. */
  spawnFirst(): readonly Host[] {
    for (const node of this.nodes) if (!this.absent.has(node.address)) node.status = 'starting';
    const first = this.hosts.filter(({ nodes }) => nodes.some((node) => !this.absent.has(node)));
    for (const host of first) this.spawn(host);
    return first;
  }

  tellAll(order: Order): void {
    for (const { process } of this.hosts) process?.send(order);
  }

  tellPeers(): void {
    this.tellAll({ kind: 'peers', peers: this.hosts.map(({ port, life }) => ({ port, life })) });
  }

  /** To the OS process of the node. */
  tell(address: Address, order: Order): void {
    this.nodes[address].host.process?.send(order);
  }

  /** Whoever has not said by now where it listens ends the run. */
  failUnready(afterMs: number): void {
    const late = this.hosts.find(({ port, process }) => port === 0 && process !== null);
    if (late === undefined) return;
    const words = `not ready after ${afterMs / 1000} s`;
    this.run.fail(new LiveProcessError(late.index, late.nodes, words));
  }

  kill(): void {
    for (const { process } of this.hosts) process?.kill();
  }

  async allGone(): Promise<void> {
    for (const { process } of this.hosts) await process?.gone();
  }

  private now(): number {
    return this.run.clock.now();
  }

  // -- OS processes

  private spawn(host: Host): void {
    host.status = 'starting';
    host.life += 1;
    host.port = 0;
    host.untilUs = this.now();
    const process = new OsProcess({
      onReport: (report) => this.run.onReport(host, report),
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
  startNodes(host: Host): void {
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
    this.run.record(address, { type: 'process-up', incarnation: node.life });
    const ids = this.run.behaviour.idsOf(address);
    this.run.behaviour.hostStarted(ids);
    const resources = ids.map((resource): ResourceStatus => ({
      resource, state: this.run.behaviour.state(resource),
      incarnation: this.run.behaviour.incarnation(resource),
    }));
    const { originNs } = this.run.clock;
    const { life } = node;
    const atUs = this.now();
    host.process?.send({ kind: 'start', node: address, life, originNs, atUs, resources });
    this.tellCommissioned(node);
  }

  /** It has said where it listens. */
  onReady(host: Host, port: number): void {
    host.port = port;
    this.run.turned();
    // At the start of the run, all wait for all; later, each starts when it is ready.
    const isLater = this.run.hasBegun && !this.run.isFinishing;
    if (isLater && host.status === 'starting') this.startNodes(host);
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
    const isDefect = this.run.isFinishing
      ? signal === null && code !== 0
      : !called && (signal === null || !this.run.hasBegun);
    if (isDefect) return this.run.fail(new LiveProcessError(host.index, host.nodes, how));
    if (this.run.isFinishing) return this.run.turned();
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
    this.run.dated(timeUs, () =>
      this.run.accident(why, nodes.map(({ address }) => address)));
  }

  private onDown(node: Node, timeUs: number): void {
    const { address } = node;
    node.status = 'down';
    this.run.dated(timeUs, () => {
      this.run.record(address, { type: 'process-down' });
      this.run.behaviour.hostCrashed(this.options.inventory.resourcesOf(address));
    });
    if (node.returns) this.restartHost(address);
  }

  onCrashed(address: Address, timeUs: number): void {
    const node = this.nodes[address];
    if (node.status === 'dying') this.onDown(node, timeUs);
  }

  onFell(address: Address, timeUs: number, why: string): void {
    const node = this.nodes[address];
    // It was about to be crashed all the same.
    if (!node.isUp) return this.onCrashed(address, timeUs);
    this.accident([node], timeUs, `its store failed: ${why}`);
    this.onDown(node, timeUs);
    if (node.host.isOfOne) this.killHost(node.host);
  }

  private killHost(host: Host): void {
    host.status = 'dying';
    host.killedUs = this.now();
    host.process?.kill();
  }

  /** It is not stopped any more. */
  proceed(host: Host): void {
    const last = host.pauses.pop();
    if (last !== undefined) host.pauses.push([last[0], Math.min(last[1], this.now())]);
    if (host.status !== 'stopped') return;
    host.status = 'up';
    host.process?.resume();
  }

  // -- nodes

  crashHost(address: Address): void {
    const node = this.nodes[address];
    const { host, status } = node;
    node.returns = false;
    if (status === 'dying' || status === 'down') return;
    node.status = status === 'starting' ? 'down' : 'dying';
    if (host.isOfOne) this.killHost(host);
    else host.process?.send({ kind: 'crash', node: address });
  }

  leaveProcess(address: Address): void {
    const node = this.nodes[address];
    if (!node.isUp || node.leaving) return;
    node.leaving = true;
    this.run.record(address, { type: 'process-leaving' });
    node.host.process?.send({ kind: 'leave', node: address });
    const dueUs = this.now() + leaveLimitUs(this.options.scenario.coordination);
    this.run.waitForLeave(dueUs, node.life, address);
  }

  leaveIsDue(address: Address, life: number): void {
    if (this.nodes[address].life === life) this.endLeave(address);
  }

  endLeave(address: Address): void {
    const { isUp, leaving } = this.nodes[address];
    if (isUp && leaving) this.crashHost(address);
  }

  restartHost(address: Address): void {
    const node = this.nodes[address];
    const { host, status } = node;
    if (status === 'dying') node.returns = true;
    if (status !== 'down' || this.run.isFinishing || this.absent.has(address)) return;
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
    this.run.record(address, { type: 'process-paused' });
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
    this.run.record(address, { type: 'process-resumed' });
    if (host.isOfOne) this.proceed(host);
    else host.process?.send({ kind: 'resume', node: address });
  }

  /** They are managed from now on, and these nodes are there. */
  commission(resources: readonly number[], nodes: readonly Address[]): void {
    for (const node of this.nodes.slice(0, this.options.inventory.managers)) {
      if (node.isUp) this.tell(node.address, { kind: 'commission', node: node.address, resources });
    }
    for (const resource of resources) {
      const agent = this.options.inventory.agentOf[resource];
      this.run.behaviour.commission(resource, this.nodes[agent].isUp);
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
}
