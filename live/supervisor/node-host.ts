import { join } from 'node:path';
import { wireOf } from '../../core/codec.js';
import type { Observation } from '../../core/observations.js';
import type { Address, AgentProcess, Environment } from '../../core/process.js';
import { coreProcesses, type CoreProcesses } from '../../experiment/core-processes.js';
import { buildInventory, type Inventory } from '../../experiment/inventory.js';
import { EntityRandom, streamKey } from '../../experiment/random/streams.js';
import { Clock } from '../node/clock.js';
import { LagMeter, processorUs } from '../node/lag.js';
import { LiveNode, type Seat } from '../node/live-node.js';
import { SocketTransport } from '../node/socket-transport.js';
import { StoreError } from '../node/store-error.js';
import { Layout } from './layout.js';
import { ResourceMirror } from './mirror.js';
import type { NodeOrder, Order, Report } from './protocol.js';
import { CounterWatch } from './tally.js';

/** Between two reports to the supervisor. */
const REPORT_MS = 20;
/** So long an OS process whose nodes have stopped still takes in what is on its way. */
const DRAIN_MS = 100;

export type Setup = Extract<Order, { kind: 'setup' }>;
type Start = Extract<NodeOrder, { kind: 'start' }>;
type Observed = Extract<Report, { kind: 'observed' }>;

/** The nodes of one OS process, from its setup on. */
export class NodeHost {
  private readonly setup: Setup;
  private readonly report: (report: Report) => void;
  private readonly leave: () => void;
  private readonly inventory: Inventory;
  private readonly factory: CoreProcesses;
  private readonly transport: SocketTransport;
  private readonly watch: CounterWatch;
  private readonly lag = new LagMeter(REPORT_MS * 1000);
  private readonly nodes = new Map<Address, LiveNode>();
  private observations: Observed['observations'][number][] = [];
  private events = 0;
  private clock = Clock.startingNow();
  private seat: Seat | null = null;
  private mirror: ResourceMirror | null = null;

  /** @param leave - ends this OS process once all that was reported is on its way */
  constructor(setup: Setup, report: (report: Report) => void, leave: () => void) {
    const { scenario, process: self, life, secret } = setup;
    this.setup = setup;
    this.report = report;
    this.leave = leave;
    this.inventory = buildInventory(scenario);
    this.factory = coreProcesses(scenario, this.inventory);
    const layout = new Layout(scenario, this.inventory);
    const processOf = (address: Address): number => layout.processOf(address);
    const wire = wireOf(scenario.coordination.fromPlugins);
    this.transport = new SocketTransport({ self, life, processOf, secret, wire });
    this.watch = new CounterWatch(this.transport.traffic);
  }

  async listen(): Promise<void> {
    this.report({ kind: 'ready', port: await this.transport.listen() });
  }

  obey(order: Order): void {
    switch (order.kind) {
      case 'setup':
        throw new RangeError('set up already');
      case 'peers':
        return this.transport.setPeers(order.peers);
      case 'start':
        return this.start(order);
      case 'crash':
        return this.crash(order.node);
      case 'pause':
        return this.nodes.get(order.node)?.pause();
      case 'resume':
        return this.nodes.get(order.node)?.resume();
      case 'leave':
        return this.leaveNode(order.node);
      case 'decommission':
        return this.nodes.get(order.node)?.call('decommission', (process) =>
          process.decommission?.(order.resources));
      case 'commission':
        return this.nodes.get(order.node)?.call('commission', (process) =>
          process.commission?.(order.resources));
      case 'resource':
        return this.mirror?.set(order);
      case 'actuated':
        return this.tellActuated(order.resource, order.actuation, order.succeeded);
      case 'finish':
        for (const node of this.nodes.values()) node.stop();
        return this.report({ kind: 'finished' });
      case 'go':
        return this.go();
    }
  }

  private start(order: Start): void {
    const { node, life, resources } = order;
    this.begin(order);
    for (const status of resources) this.mirror!.set(status);
    const { scenario, directory } = this.setup;
    const key = streamKey(scenario.seed, `live/process/${life}`);
    const options = {
      address: node,
      path: join(directory, `${this.inventory.processName(node)}.json`),
      random: new EntityRandom(key, node),
      create: (environment: Environment) => {
        if (node < this.inventory.managers) return this.factory.manager(environment);
        const ids = resources.map(({ resource }) => resource);
        return this.factory.agent(environment, this.mirror!.resources(ids));
      },
    };
    this.nodes.set(node, new LiveNode(options, this.seat!));
  }

  /** The first node starts: from now on there is time. */
  private begin({ originNs, atUs }: Start): void {
    if (this.seat !== null) return;
    const clock = new Clock(originNs);
    this.clock = clock;
    this.seat = {
      clock,
      transport: this.transport,
      lag: this.lag,
      observe: (timeUs, process, observation) => this.observe(timeUs, process, observation),
      worked: () => {
        this.events += 1;
      },
      exit: (process) => this.left(process),
      failed: (process, during, error) => this.failed(process, during, error),
    };
    const { scenario } = this.setup;
    this.mirror = new ResourceMirror(scenario, this.inventory, clock, {
      actuate: (resource, verb, actuation, incarnation) =>
        this.report({ kind: 'actuate', resource, verb, actuation, incarnation }),
      retire: (resource) => this.report({ kind: 'retired', resource }),
    });
    this.lag.beat(atUs, processorUs());
    setInterval(() => {
      this.lag.beat(clock.now(), processorUs());
      this.sendReport();
    }, REPORT_MS);
  }

  private observe(timeUs: number, process: Address, observation: Observation): void {
    this.observations.push([timeUs, process, observation]);
  }

  private crash(node: Address): void {
    this.nodes.get(node)?.crash();
    this.nodes.delete(node);
    // What it observed before goes first.
    const timeUs = this.sendReport();
    this.report({ kind: 'crashed', process: node, timeUs });
  }

  private leaveNode(node: Address): void {
    this.nodes.get(node)?.call('leave', (process) => {
      if (process.leave === undefined) this.left(node);
      else process.leave();
    });
  }

  private left(process: Address): void {
    this.sendReport();
    this.report({ kind: 'left', process });
  }

  private tellActuated(resource: number, actuation: number, succeeded: boolean): void {
    const agent = this.inventory.agentOf[resource];
    this.nodes.get(agent)?.call(`onActuated(${resource}, ${actuation})`, (process) =>
      (process as AgentProcess).onActuated(resource, actuation, succeeded),
    );
  }

  /** A store that fails takes its node down; a node that throws has a defect, and ends the run. */
  private failed(node: Address, during: string, error: unknown): void {
    this.nodes.delete(node);
    const timeUs = this.sendReport();
    if (error instanceof StoreError) {
      return this.report({ kind: 'fell', process: node, timeUs, why: error.message });
    }
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const process = this.inventory.processName(node);
    this.report({ kind: 'failed', process, during, timeUs, stack });
  }

  /** Returns until when everything is told. */
  private sendReport(): number {
    const untilUs = this.clock.now();
    const { observations, events } = this;
    this.observations = [];
    this.events = 0;
    this.report({
      kind: 'observed', untilUs, observations, events, lag: this.lag.take(),
      ...this.watch.changes(),
    });
    return untilUs;
  }

  private go(): void {
    setTimeout(() => {
      this.sendReport();
      this.leave();
    }, DRAIN_MS);
  }
}
