import { join } from 'node:path';
import type { Observation } from '../../core/observations.js';
import type { Address, AgentProcess, Process } from '../../core/process.js';
import type { Port } from '../../core/transport.js';
import { buildInventory, type Inventory } from '../../experiment/inventory.js';
import { Clock } from '../node/clock.js';
import { LiveEnvironment } from '../node/environment.js';
import { EntityRandom, streamKey } from '../../experiment/random/streams.js';
import { Layout } from './layout.js';
import { ResourceMirror } from './mirror.js';
import { coreProcesses } from './processes.js';
import type { Order, Report } from './protocol.js';
import { SocketTransport } from '../node/socket-transport.js';
import { FileStore } from '../node/store.js';
import { CounterWatch } from './tally.js';
import { TimerQueue } from '../node/timers.js';

/** Between two reports to the supervisor. */
const REPORT_MS = 20;
/** So long a stopped node's OS process still takes in what is on its way. */
const DRAIN_MS = 100;

type Setup = Extract<Order, { kind: 'setup' }>;
type Start = Extract<Order, { kind: 'start' }>;
type Observed = Extract<Report, { kind: 'observed' }>;

/** The nodes of one OS process, from its setup on. */
export class NodeHost {
  private readonly setup: Setup;
  private readonly report: (report: Report) => void;
  private readonly leave: () => void;
  private readonly inventory: Inventory;
  private readonly layout: Layout;
  private readonly transport: SocketTransport;
  private readonly watch: CounterWatch;
  private readonly processes = new Map<Address, Process>();
  private readonly ports: Port[] = [];
  private observations: Observed['observations'][number][] = [];
  private events = 0;
  private stopped = false;
  private clock = Clock.startingNow();
  private timers: TimerQueue | null = null;
  private mirror: ResourceMirror | null = null;

  /** @param leave - ends this OS process once all that was reported is on its way */
  constructor(setup: Setup, report: (report: Report) => void, leave: () => void) {
    const { scenario, process: self, secret } = setup;
    this.setup = setup;
    this.report = report;
    this.leave = leave;
    this.inventory = buildInventory(scenario);
    this.layout = new Layout(scenario, this.inventory);
    const processOf = (address: Address): number => this.layout.processOf(address);
    this.transport = new SocketTransport({ self, processOf, secret });
    this.watch = new CounterWatch(this.transport.counters);
  }

  async listen(): Promise<void> {
    this.report({ kind: 'ready', port: await this.transport.listen() });
  }

  obey(order: Order): void {
    switch (order.kind) {
      case 'setup':
        throw new RangeError('set up already');
      case 'ports':
        return this.transport.setPorts(order.ports);
      case 'start':
        return this.start(order);
      case 'resource':
        return this.mirror?.set(order);
      case 'actuated':
        return this.tellActuated(order.resource, order.actuation, order.succeeded);
      case 'leave':
        return this.leaveNodes();
      case 'finish':
        return this.finish();
    }
  }

  private start({ originNs, resources }: Start): void {
    const { scenario, process: self } = this.setup;
    this.clock = new Clock(originNs);
    this.timers = new TimerQueue(this.clock, (address, kind, argument) => {
      this.events += 1;
      this.call(address, `onTimer(${kind}, ${argument})`, (process) =>
        process.onTimer(kind, argument),
      );
    });
    this.mirror = new ResourceMirror(scenario, this.inventory, this.clock, (...actuation) => {
      const [resource, verb, number, incarnation] = actuation;
      this.report({ kind: 'actuate', resource, verb, actuation: number, incarnation });
    });
    for (const status of resources) this.mirror.set(status);
    const factory = coreProcesses(scenario, this.inventory);
    for (const address of this.layout.nodesOf(self)) {
      this.guard(address, 'start', () => {
        const process = this.createProcess(address, factory);
        this.processes.set(address, process);
        process.start();
      });
    }
    setInterval(() => this.sendReport(), REPORT_MS);
  }

  private createProcess(address: Address, factory: ReturnType<typeof coreProcesses>): Process {
    const { scenario, life, directory } = this.setup;
    const port = this.transport.open(address, (from, message) => {
      this.events += 1;
      this.call(address, `receive ${message.type}`, (process) => process.receive(from, message));
    });
    this.ports.push(port);
    const store = new FileStore(join(directory, `${this.inventory.processName(address)}.json`));
    const key = streamKey(scenario.seed, `live/process/${life}`);
    const environment = new LiveEnvironment(address, port, store, {
      clock: this.clock,
      timers: this.timers!,
      randomOf: (process) => new EntityRandom(key, process),
      observe: (timeUs, process, observation) => this.observe(timeUs, process, observation),
      exit: (process) => this.left(process),
    });
    if (address < this.inventory.managers) return factory.manager(environment);
    const ids = this.inventory.resourcesOf(address);
    return factory.agent(environment, this.mirror!.resources(ids));
  }

  private observe(timeUs: number, process: Address, observation: Observation): void {
    this.observations.push([timeUs, process, observation]);
  }

  private leaveNodes(): void {
    for (const address of this.processes.keys()) {
      this.call(address, 'leave', (process) => process.leave?.());
    }
  }

  /** What it observed and sent before goes first: its OS process is about to end. */
  private left(process: Address): void {
    this.sendReport();
    this.report({ kind: 'left', process });
  }

  private tellActuated(resource: number, actuation: number, succeeded: boolean): void {
    const agent = this.inventory.agentOf[resource];
    this.call(agent, `onActuated(${resource}, ${actuation})`, (process) =>
      (process as AgentProcess).onActuated(resource, actuation, succeeded),
    );
  }

  private call(address: Address, during: string, body: (process: Process) => void): void {
    const process = this.processes.get(address);
    if (process === undefined || this.stopped) return;
    this.guard(address, during, () => body(process));
  }

  /** A node that throws has a defect: its supervisor ends the run. */
  private guard(address: Address, during: string, body: () => void): void {
    try {
      body();
    } catch (error) {
      this.stop();
      this.report({
        kind: 'failed',
        process: this.inventory.processName(address),
        during,
        timeUs: this.clock.now(),
        stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
    }
  }

  private sendReport(): void {
    const untilUs = this.clock.now();
    const { observations, events } = this;
    this.observations = [];
    this.events = 0;
    const counters = this.watch.changes();
    this.report({ kind: 'observed', untilUs, observations, counters, events });
  }

  private stop(): void {
    this.stopped = true;
    this.timers?.stop();
  }

  private finish(): void {
    this.stop();
    setTimeout(() => {
      for (const port of this.ports) port.close();
      this.sendReport();
      this.leave();
    }, DRAIN_MS);
  }
}
