/**
 * How managed resources behave: starting up, crashing, being acted upon, and what their sensors
 * show. Both worlds run this code; they give it a clock and take what it reports.
 */
import exp from '@stdlib/math-base-special-exp';
import erfinv from '@stdlib/math-base-special-erfinv';
import type { ResourceState } from '../core/metamodel/entity.js';
import type { Address, Devices, Resources, Verb } from '../core/process.js';
import { beginsLife, verbs } from '../core/verbs/index.js';
import type { Inventory } from './inventory.js';
import { sample, type Distribution } from './random/distributions.js';
import { draw, streamKey, type StreamKey } from './random/streams.js';
import type { KindSettings, MetricSettings } from './settings/system.js';

const US_PER_S = 1e6;

/** What the resources need of the world they run in. */
export interface BehaviourWorld {
  /** Microseconds since the run began. */
  now(): number;
  /** Calls back `due(ticket)` after `delayUs` (whole, at least 0), whatever happens to the host. */
  after(delayUs: number, ticket: number): void;
  /** The resource's state changed, just now. */
  resourceChanged(resource: number, state: ResourceState, incarnation: number): void;
  /** To be passed on to the resource's agent, but not before the present call has returned. */
  actuated(resource: number, actuation: number, succeeded: boolean): void;
}

const states: readonly ResourceState[] = ['stopped', 'starting', 'up', 'down', 'stopping'];
const STOPPED = 0;
const STARTING = 1;
const UP = 2;
const DOWN = 3;
const STOPPING = 4;
const STATES = 5;

/** No actuation is under way. */
const NONE = 255;

/** What a ticket is for. */
const BOOT = 0;
const ACTUATION = 1;

/**
 * All resources of a run, in tables by resource number.
 *
 * A start (at the start of its host, by an action, or by a fault's own repair) takes the resource
 * to `starting` under a new incarnation, and to `up` after the kind's start-up time. An action that
 * starts it works for its own duration first and may fail, which leaves the resource `down`. While
 * a stop is under way the resource is `stopping`, and serves; if it fails, all is as before.
 */
export class ResourceBehaviour implements Devices {
  private readonly world: BehaviourWorld;
  private readonly inventory: Inventory;
  private readonly kinds: readonly KindSettings[];
  private readonly metricTables: MetricTables;
  private readonly startUpKey: StreamKey;
  private readonly durationKey: StreamKey;
  private readonly failureKey: StreamKey;

  /** Incarnation * STATES + state: a heartbeat tells both. */
  private readonly lives: Uint32Array;
  /** Whether the resource is meant to run, and so starts with its host. */
  private readonly wanted: Uint8Array;
  /** Whether a fault keeps it from starting. */
  private readonly held: Uint8Array;
  /** Whether a start-up is under way; that of the present incarnation. */
  private readonly booting: Uint8Array;
  /** Index of the verb that an actuator is carrying out, or NONE. */
  private readonly acting: Uint8Array;
  /** What the agent calls it. */
  private readonly actuations: Float64Array;
  /** Whether what happened meanwhile has made the actuation fail. */
  private readonly spoiled: Uint8Array;
  /** Counts actuations. */
  private readonly serials: Uint32Array;
  /** Not there yet, as their agents have never heard of them. */
  private readonly absent: Set<number>;
  /** Those, and what is decommissioned: they do not run until they are commissioned. */
  private readonly retired: Set<number>;

  constructor(
    world: BehaviourWorld,
    inventory: Inventory,
    kinds: readonly KindSettings[],
    seed: number,
    absent: ReadonlySet<number> = new Set(),
  ) {
    const count = inventory.resources;
    this.world = world;
    this.inventory = inventory;
    this.kinds = kinds;
    this.absent = new Set(absent);
    this.retired = new Set(absent);
    this.metricTables = new MetricTables(inventory, kinds, streamKey(seed, 'resource/metric'));
    this.startUpKey = streamKey(seed, 'resource/start-up');
    this.durationKey = streamKey(seed, 'resource/action-duration');
    this.failureKey = streamKey(seed, 'resource/action-failure');
    this.lives = new Uint32Array(count);
    this.wanted = new Uint8Array(count);
    this.held = new Uint8Array(count);
    this.booting = new Uint8Array(count);
    this.acting = new Uint8Array(count).fill(NONE);
    this.actuations = new Float64Array(count);
    this.spoiled = new Uint8Array(count);
    this.serials = new Uint32Array(count);
    for (let resource = 0; resource < count; resource += 1) {
      const spare = inventory.spare[resource] === 1;
      this.lives[resource] = spare ? STOPPED : DOWN;
      this.wanted[resource] = spare || absent.has(resource) ? 0 : 1;
    }
  }

  /** The sensors and actuators of one host. */
  resourcesOf(address: Address): Resources {
    return { ids: this.idsOf(address), devices: this };
  }

  /** Those of its resources that are there, or have been. */
  idsOf(address: Address): readonly number[] {
    const ids = this.inventory.resourcesOf(address);
    return this.absent.size === 0 ? ids : ids.filter((resource) => !this.absent.has(resource));
  }

  state(resource: number): ResourceState {
    return states[this.lives[resource] % STATES];
  }

  incarnation(resource: number): number {
    return Math.floor(this.lives[resource] / STATES);
  }

  metrics(resource: number): readonly number[] | null {
    return this.metricTables.read(resource, this.world.now());
  }

  /** Whether there is something to crash: the resource is up or on its way. */
  isAlive(resource: number): boolean {
    const state = this.lives[resource] % STATES;
    return state === UP || state === STARTING || state === STOPPING;
  }

  actuate(resource: number, verb: Verb, actuation: number): void {
    // One actuator, one action at a time; the agent should know better.
    const isIdle = this.acting[resource] === NONE && !this.retired.has(resource);
    if (!isIdle) return this.world.actuated(resource, actuation, false);
    const index = verbs.indexOf(verb);
    const serial = this.serials[resource] + 1;
    this.serials[resource] = serial;
    this.acting[resource] = index;
    this.actuations[resource] = actuation;
    this.spoiled[resource] = 0;
    if (beginsLife(verb)) this.begin(resource);
    else if (this.isAlive(resource)) this.change(resource, STOPPING);
    const { duration } = this.kindOf(resource).actions[verb];
    const u = draw(this.durationKey, resource, serial);
    this.after(duration, u, resource, serial, ACTUATION);
  }

  retire(resource: number): void {
    this.leaveOut(resource);
    this.booting[resource] = 0;
    this.spoiled[resource] = 1;
    this.change(resource, STOPPED);
  }

  /** Its host, which is down, is set up anew without it. */
  leaveOut(resource: number): void {
    this.retired.add(resource);
    this.wanted[resource] = 0;
  }

  isRetired(resource: number): boolean {
    return this.retired.has(resource);
  }

  /** It is to run, or again, if it is no spare: at once, if its host is up. */
  commission(resource: number, isHostUp: boolean): void {
    const isFirst = this.absent.delete(resource);
    const isSpare = this.inventory.spare[resource] === 1;
    if (isFirst && isSpare && isHostUp) this.change(resource, STOPPED);
    if (!this.retired.delete(resource) || isSpare) return;
    this.wanted[resource] = 1;
    if (isHostUp) this.start(resource);
  }

  /** Something that `world.after` was asked for is due. */
  due(ticket: number): void {
    const what = ticket % 2;
    const rest = (ticket - what) / 2;
    const { resources } = this.inventory;
    const resource = rest % resources;
    const serial = (rest - resource) / resources;
    if (what === BOOT) {
      if (this.booting[resource] === 0 || this.incarnation(resource) !== serial) return;
      this.booting[resource] = 0;
      if (this.held[resource] === 1) this.change(resource, DOWN);
      else if (this.lives[resource] % STATES !== STOPPING) this.change(resource, UP);
    } else if (this.acting[resource] !== NONE && this.serials[resource] === serial) {
      this.endActuation(resource, serial);
    }
  }

  /** The host came up: what is meant to run starts; spares show that they are there. */
  hostStarted(ids: readonly number[]): void {
    for (const resource of ids) {
      if (this.wanted[resource] === 1) this.start(resource);
      else this.change(resource, STOPPED);
    }
  }

  /** All that ran on the host has crashed with it, and nobody is told how actuations end. */
  hostCrashed(ids: readonly number[]): void {
    for (const resource of ids) {
      this.acting[resource] = NONE;
      this.booting[resource] = 0;
      if (this.isAlive(resource)) this.change(resource, DOWN);
    }
  }

  /** Does nothing unless the resource is up or starting. */
  crash(resource: number): void {
    if (!this.isAlive(resource)) return;
    this.booting[resource] = 0;
    this.spoiled[resource] = 1;
    this.change(resource, DOWN);
  }

  /**
   * A fault's own repair: starts the resource if it is down; an action that was trying to fails.
   * For resources of hosts that are up.
   */
  repair(resource: number): void {
    if (this.retired.has(resource)) return;
    const state = this.lives[resource] % STATES;
    const trying = state === STARTING && this.booting[resource] === 0;
    if (state !== DOWN && !trying) return;
    this.spoiled[resource] = 1;
    this.start(resource);
  }

  /** While held, no start of the resource succeeds. */
  hold(resource: number, held: boolean): void {
    this.held[resource] = held ? 1 : 0;
  }

  private endActuation(resource: number, serial: number): void {
    const verb = verbs[this.acting[resource]];
    this.acting[resource] = NONE;
    const { failure } = this.kindOf(resource).actions[verb];
    let succeeded = draw(this.failureKey, resource, serial) >= failure;
    if (!beginsLife(verb)) {
      if (succeeded) {
        this.wanted[resource] = 0;
        this.booting[resource] = 0;
        this.change(resource, STOPPED);
      } else if (this.lives[resource] % STATES === STOPPING) {
        this.change(resource, this.booting[resource] === 1 ? STARTING : UP);
      }
    } else if (this.spoiled[resource] === 1) {
      succeeded = false;
    } else {
      succeeded &&= this.held[resource] === 0;
      if (succeeded) this.boot(resource);
      else this.change(resource, DOWN);
    }
    this.world.actuated(resource, this.actuations[resource], succeeded);
  }

  private start(resource: number): void {
    this.begin(resource);
    this.boot(resource);
  }

  private begin(resource: number): void {
    this.wanted[resource] = 1;
    this.booting[resource] = 0;
    this.lives[resource] += STATES;
    this.change(resource, STARTING);
  }

  private boot(resource: number): void {
    this.booting[resource] = 1;
    const incarnation = this.incarnation(resource);
    const u = draw(this.startUpKey, resource, incarnation);
    this.after(this.kindOf(resource).startUp, u, resource, incarnation, BOOT);
  }

  private after(
    delay: Distribution,
    u: number,
    resource: number,
    serial: number,
    what: number,
  ): void {
    const ticket = (serial * this.inventory.resources + resource) * 2 + what;
    this.world.after(Math.round(sample(delay, u) * US_PER_S), ticket);
  }

  private change(resource: number, state: number): void {
    this.lives[resource] += state - (this.lives[resource] % STATES);
    this.world.resourceChanged(resource, states[state], this.incarnation(resource));
  }

  private kindOf(resource: number): KindSettings {
    return this.kinds[this.inventory.kindOf[resource]];
  }
}

const SQRT_2 = Math.sqrt(2);
/** Half of what lies between two draws, doubled as the draw is. */
const CELL = 1 / 9007199254740992;

/**
 * Mean-reverting random walks (Ornstein-Uhlenbeck processes), advanced only when read, by the
 * exact transition of the process over the time since the last reading. A draw belongs to
 * (resource, metric, time): readings at one instant agree.
 */
class MetricTables {
  private readonly kindOf: Uint16Array;
  private readonly kinds: readonly (readonly MetricStep[])[];
  /** No kind has any: spares a look at each resource's. */
  private readonly none: boolean;
  private readonly key: StreamKey;
  /** Where a resource's values begin. */
  private readonly offsets: Int32Array;
  /** Deviations from the mean, in units of the standard deviation. */
  private readonly deviations: Float64Array;
  /** When they were drawn; -1: never. */
  private readonly times: Float64Array;

  constructor(inventory: Inventory, kinds: readonly KindSettings[], key: StreamKey) {
    this.kindOf = inventory.kindOf;
    this.kinds = kinds.map(({ metrics }) => metrics.map((metric) => new MetricStep(metric)));
    this.none = kinds.every(({ metrics }) => metrics.length === 0);
    this.key = key;
    this.offsets = new Int32Array(inventory.resources);
    let total = 0;
    for (let resource = 0; resource < inventory.resources; resource += 1) {
      this.offsets[resource] = total;
      total += this.kinds[this.kindOf[resource]].length;
    }
    this.deviations = new Float64Array(total);
    this.times = new Float64Array(total).fill(-1);
  }

  read(resource: number, nowUs: number): readonly number[] | null {
    if (this.none) return null;
    const steps = this.kinds[this.kindOf[resource]];
    if (steps.length === 0) return null;
    const offset = this.offsets[resource];
    const values: number[] = [];
    for (let metric = 0; metric < steps.length; metric += 1) {
      const step = steps[metric];
      const index = offset + metric;
      const last = this.times[index];
      if (last !== nowUs) {
        const u = draw(this.key, resource, metric, nowUs);
        const elapsedUs = last < 0 ? Infinity : nowUs - last;
        this.deviations[index] = step.next(this.deviations[index], elapsedUs, u);
        this.times[index] = nowUs;
      }
      values.push(step.value(this.deviations[index]));
    }
    return values;
  }
}

class MetricStep {
  private readonly settings: MetricSettings;
  // Sensors are read at a steady pace, so the last step's factors mostly serve again.
  private elapsedUs = 0;
  private decay = 1;
  private spread = 0;

  constructor(settings: MetricSettings) {
    this.settings = settings;
  }

  next(deviation: number, elapsedUs: number, u: number): number {
    if (elapsedUs !== this.elapsedUs) {
      this.elapsedUs = elapsedUs;
      this.decay = exp(-elapsedUs / (this.settings.reversion * US_PER_S));
      this.spread = Math.sqrt(1 - this.decay * this.decay);
    }
    // The middle of the cell of the draw: at its left end the first would be minus infinity.
    const normal = SQRT_2 * erfinv(2 * u - 1 + CELL);
    return deviation * this.decay + this.spread * normal;
  }

  value(deviation: number): number {
    const { mean, deviation: unit, minimum, maximum } = this.settings;
    return Math.min(maximum, Math.max(minimum, mean + unit * deviation));
  }
}
