import type { Message } from '../../core/wire/record.js';
import type { Observation, ObservationSink } from '../../core/observations.js';
import type {
  Address, Environment, Random, Store, StoreValue, TimerId,
} from '../../core/process.js';
import type { Inventory } from '../../experiment/inventory.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';
import type { PooledProcesses } from '../../sim/index.js';

/** What rests on something that is written in the same turn, and what that means. */
const resting: Partial<Record<Observation['type'], string>> = {
  actuated: 'acted', 'coordinator-elected': 'took a ballot',
};

/**
 * Whether processes write before they speak: what one has put is durable before it sends anything,
 * and each action and each ballot taken has something written for it. Else a crash has to come at
 * the very call to show it.
 */
export class StoreView implements ObservationSink {
  readonly #inventory: Inventory;
  readonly #isJudged: (type: Observation['type']) => boolean;
  /** Who has put something that a crash would take. */
  readonly #unsynced = new Set<Address>();
  /** When each last made something durable. */
  readonly #writtenUs = new Map<Address, number>();
  /** The world's: to ask a process's environment is a call, and crashes may wait for calls. */
  #now: () => number = () => 0;
  #flaw: { readonly explanation: string; readonly timeS: number } | null = null;

  constructor({ coordination }: ResolvedScenario, inventory: Inventory) {
    this.#inventory = inventory;
    // What another election rests on is its own affair.
    const isOwn = coordination.fromPlugins?.election === undefined;
    this.#isJudged = (type) => type === 'actuated' || isOwn;
  }

  get flaw(): { readonly explanation: string; readonly timeS: number } | null {
    return this.#flaw;
  }

  /** The same processes; what they write and send is kept in sight. */
  around(processes: PooledProcesses): PooledProcesses {
    const watched = (environment: Environment): Environment => {
      return new WatchedEnvironment(environment, this);
    };
    return {
      ...processes,
      manager: (environment, generation) => processes.manager(watched(environment), generation),
      agent: (environment, resources) => processes.agent(watched(environment), resources),
    };
  }

  /** Before the world begins. */
  heed(world: { now(): number }): void {
    this.#now = () => world.now();
  }

  observe(_timeUs: number, process: Address, { type }: Observation): void {
    if (type === 'process-down') this.#unsynced.delete(process);
  }

  puts(process: Address): void {
    this.#unsynced.add(process);
  }

  syncs(process: Address): void {
    if (this.#unsynced.delete(process)) this.#writtenUs.set(process, this.#now());
  }

  sends(process: Address, { type }: Message): void {
    if (this.#unsynced.size === 0 || !this.#unsynced.has(process)) return;
    this.#break(process, `sent ${type} before what it had stored was durable`);
  }

  tells(process: Address, { type }: Observation): void {
    const what = resting[type];
    if (what === undefined || !this.#isJudged(type)) return;
    if (this.#writtenUs.get(process) === this.#now()) return;
    this.#break(process, `${what} without anything durable that says so`);
  }

  #break(process: Address, what: string): void {
    const explanation = `${this.#inventory.processName(process)} ${what}`;
    this.#flaw ??= { explanation, timeS: this.#now() / 1e6 };
  }
}

/** One's own, in which a {@link StoreView} sees what is stored and sent. */
class WatchedEnvironment implements Environment, Store {
  readonly #inner: Environment;
  readonly #view: StoreView;

  constructor(inner: Environment, view: StoreView) {
    this.#inner = inner;
    this.#view = view;
  }

  get address(): Address {
    return this.#inner.address;
  }

  get random(): Random {
    return this.#inner.random;
  }

  get store(): Store {
    return this;
  }

  now(): number {
    return this.#inner.now();
  }

  send(to: Address, message: Message): void {
    this.#view.sends(this.address, message);
    this.#inner.send(to, message);
  }

  setTimer(delay: number, kind: number, argument: number): TimerId {
    return this.#inner.setTimer(delay, kind, argument);
  }

  after(delay: number, kind: number, argument: number): void {
    this.#inner.after(delay, kind, argument);
  }

  cancelTimer(timer: TimerId): void {
    this.#inner.cancelTimer(timer);
  }

  observe(observation: Observation): void {
    this.#view.tells(this.address, observation);
    this.#inner.observe(observation);
  }

  exit(): void {
    this.#inner.exit();
  }

  // -- its store

  put(key: string, value: StoreValue): void {
    this.#view.puts(this.address);
    this.#inner.store.put(key, value);
  }

  get(key: string): StoreValue | undefined {
    return this.#inner.store.get(key);
  }

  delete(key: string): void {
    this.#inner.store.delete(key);
  }

  sync(): void {
    this.#inner.store.sync();
    this.#view.syncs(this.address);
  }
}
