/** Small worlds with probe processes in them, instead of the management system. */
import type { BuiltInMessage } from '../../../core/messages.js';
import type { Observation, ObservationSink } from '../../../core/observations.js';
import type {
  Address,
  AgentProcess,
  Environment,
  Resources,
} from '../../../core/process.js';
import { buildInventory, type Inventory } from '../../../experiment/inventory.js';
import type { Distribution } from '../../../experiment/random/distributions.js';
import type {
  FaultSettings,
  KindSettings,
  NetworkSettings,
  ResolvedScenario,
} from '../../../experiment/scenario/resolved.js';
import type { MessageCounters, RunHooks } from '../../../experiment/world.js';
import { HeapQueue } from '../../../sim/engine/heap-queue.js';
import { WheelQueue } from '../../../sim/engine/wheel-queue.js';
import { SimWorld } from '../../../sim/world/world.js';

export const SECOND = 1e6;

export const constant = (value: number): Distribution => ({ kind: 'constant', value });

export interface ScenarioChoices {
  readonly seed?: number;
  readonly durationUs?: number;
  readonly managers?: number;
  readonly zones?: number;
  readonly racks?: number;
  readonly clocks?: Partial<ResolvedScenario['system']['clocks']>;
  readonly service?: Partial<ResolvedScenario['system']['service']>;
  readonly resources?: number;
  readonly perHost?: number;
  readonly spares?: number;
  readonly kind?: Partial<KindSettings>;
  readonly network?: Partial<NetworkSettings>;
  readonly faults?: readonly FaultSettings[];
  readonly queue?: 'wheel' | 'heap';
}

/** A scenario without a management system: its `coordination` is not there. */
export function scenarioOf(choices: ScenarioChoices = {}): ResolvedScenario {
  const action = { duration: constant(2), failure: 0 };
  const kind: KindSettings = {
    name: 'service',
    startUp: constant(1),
    actions: { restart: action, start: action, stop: action },
    metrics: [],
    ...choices.kind,
  };
  const count = choices.resources ?? 4;
  const group = {
    kind: kind.name,
    count,
    perHost: choices.perHost ?? 1,
    labels: {},
    spares: choices.spares ?? 0,
  };
  return {
    name: 'probe',
    description: '',
    seed: choices.seed ?? 1,
    durationUs: choices.durationUs ?? 60 * SECOND,
    warmUpUs: 0,
    system: {
      managers: choices.managers ?? 2,
      racks: choices.racks ?? 1,
      clocks: { offsetUs: 0, drift: 0, timersUs: 0, ...choices.clocks },
      service: { managerUs: 0, agentUs: 0, ...choices.service },
      zones: Array.from({ length: choices.zones ?? 1 }, (_, index) => `zone-${index + 1}`),
      resources: [group],
      kinds: [kind],
    },
    coordination: {} as ResolvedScenario['coordination'],
    rules: [],
    network: {
      latency: { kind: 'same', delay: constant(0.01) }, loss: 0, impairments: [],
      ...choices.network,
    },
    live: { processes: 1 },
    faults: choices.faults ?? [],
    invariants: [],
    measure: { samples: 100, twin: false, holdUs: SECOND },
    engine: { queue: choices.queue ?? 'wheel' },
  };
}

/** What a probe was told, and when. */
export interface Told {
  readonly atUs: number;
  readonly what: 'start' | 'message' | 'timer' | 'actuated';
  readonly from: Address;
  /** The message's number, the timer's argument, the actuation. */
  readonly value: number;
  readonly succeeded: boolean;
}

/** A message that carries a number and nothing else. */
export function note(value: number): BuiltInMessage {
  return { type: 'overlay-ack', hop: value, node: '0'.repeat(32) };
}

export function valueOf(message: BuiltInMessage): number {
  return message.type === 'overlay-ack' ? message.hop : -1;
}

/** What a probe does when told something, on top of writing it down. */
export type Script = (environment: Environment, told: Told, probe: Probe) => void;

/** Writes down what it is told, and does what its script says. */
export class Probe implements AgentProcess {
  readonly environment: Environment;
  readonly resources: Resources | null;
  private readonly diary: Told[];
  private readonly script: Script;

  constructor(
    environment: Environment,
    resources: Resources | null,
    diary: Told[],
    script: Script,
  ) {
    this.environment = environment;
    this.resources = resources;
    this.diary = diary;
    this.script = script;
  }

  start(): void {
    this.told('start', -1, 0);
  }

  receive(from: Address, message: BuiltInMessage): void {
    this.told('message', from, valueOf(message));
  }

  onTimer(_kind: number, argument: number): void {
    this.told('timer', this.environment.address, argument);
  }

  onActuated(_resource: number, actuation: number, succeeded: boolean): void {
    this.told('actuated', -1, actuation, succeeded);
  }

  private told(what: Told['what'], from: Address, value: number, succeeded = true): void {
    const told = { atUs: this.environment.now(), what, from, value, succeeded };
    this.diary.push(told);
    this.script(this.environment, told, this);
  }
}

export interface Seen {
  readonly timeUs: number;
  readonly process: Address;
  readonly observation: Observation;
}

/** Keeps all that is observed. */
export class Recorder implements ObservationSink {
  readonly seen: Seen[] = [];

  observe(timeUs: number, process: Address, observation: Observation): void {
    this.seen.push({ timeUs, process, observation });
  }

  of<T extends Observation['type']>(type: T): (Seen & { observation: { type: T } })[] {
    return this.seen.filter(({ observation }) => observation.type === type) as never;
  }
}

export interface ProbeWorld {
  readonly world: SimWorld;
  readonly inventory: Inventory;
  readonly recorder: Recorder;
  /** What each process was told, over all its lives. */
  readonly diaries: readonly Told[][];
  /** The present process at each address. */
  readonly probes: Probe[];
  /** Runs up to `untilUs`. */
  readonly run: (untilUs: number) => void;
}

/** A world whose processes are all probes with the same script. */
export function probeWorld(
  choices: ScenarioChoices & { readonly interruptible?: boolean } = {},
  script: Script = () => {},
): ProbeWorld {
  const scenario = scenarioOf(choices);
  const inventory = buildInventory(scenario);
  const recorder = new Recorder();
  const diaries = Array.from({ length: inventory.managers + inventory.agents }, (): Told[] => []);
  const probes: Probe[] = [];
  const make = (environment: Environment, resources: Resources | null): Probe => {
    const { address } = environment;
    const own = turnOf(address, environment, () => world);
    const probe = new Probe(own, resources, diaries[address], script);
    probes[address] = probe;
    return probe;
  };
  const world: SimWorld = new SimWorld({
    queue: scenario.engine.queue === 'heap' ? new HeapQueue() : new WheelQueue(),
    scenario,
    inventory,
    seed: scenario.seed,
    sink: recorder,
    processes: {
      manager: (environment) => make(environment, null),
      agent: (environment, resources) => make(environment, resources),
    },
    interruptible: choices.interruptible ?? false,
  });
  const run = (untilUs: number): void => {
    world.loop.run(untilUs, Infinity);
  };
  return { world, inventory, recorder, diaries, probes, run };
}

/** What a process may hold on to: each call through it is made in that process's turn. */
function turnOf(address: Address, environment: Environment, world: () => SimWorld): Environment {
  const within = <T>(act: () => T): T => world().within(address, act);
  return {
    address,
    now: () => environment.now(),
    send: (to, message) => within(() => environment.send(to, message)),
    setTimer: (delay, kind, argument) => within(() => environment.setTimer(delay, kind, argument)),
    after: (delay, kind, argument) => within(() => environment.after(delay, kind, argument)),
    cancelTimer: (timer) => environment.cancelTimer(timer),
    random: { next: () => within(() => environment.random.next()) },
    observe: (observation) => within(() => environment.observe(observation)),
    exit: () => within(() => environment.exit()),
    get store() {
      return within(() => environment.store);
    },
  };
}

/** Hooks of a caller who only wants the end of it. */
export function quietHooks(sinks: readonly ObservationSink[] = []): RunHooks {
  const sample = (_timeUs: number, _counters: MessageCounters): void => {};
  return { sinks, samplePeriodUs: 0, sample, progress: () => true };
}

export function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
