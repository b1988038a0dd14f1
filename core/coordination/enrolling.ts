/**
 * How an agent has its host's resources registered: it asks, by way of a manager that it obeys,
 * until each has its number, which it keeps on the host's disk. After a start it asks again, for
 * its host may have been away for long, and be told that a resource was decommissioned meanwhile.
 */
import type { CoreConfig } from './config.js';
import { compareTokens, type Token } from '../identity.js';
import type { ResourceEnrolled, ResourceRetired } from './inventory-messages.js';
import type { CoordinationMessage, Registration } from './messages.js';
import type { Address, Environment, StoreValue } from '../process.js';
import { isCount, mostRaised } from '../plausible.js';
import type { Pointers } from './pointers.js';
import { AgentTimer } from './timers.js';

const storeKey = 'enrolled';

/** A host, as far as its resources are to be registered. */
export interface Enrollee {
  /** Those that are to be managed. */
  ids: readonly number[];
  /** Resources whose registration is not confirmed in this life of the agent. */
  open?: Set<number>;
}

export interface EnrollingOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly pointers: Pointers;
  registration(resource: number): Registration;
  /** The host was set up without it. */
  isLeftOut(resource: number): boolean;
  /** It has been decommissioned, just now. */
  retire(resource: number): void;
}

/** What is on the host's disk. */
interface Kept {
  /** By resource: under which it is registered. */
  readonly numbers: Readonly<Record<number, Token>>;
  /** By resource: under which it was last decommissioned. */
  readonly last: Readonly<Record<number, Token>>;
  /** Those that are decommissioned. */
  readonly gone: readonly number[];
}

type Told = ResourceEnrolled['entries'][number];

export class Enrolling {
  readonly #options: EnrollingOptions;

  constructor(options: EnrollingOptions) {
    this.#options = options;
  }

  /**
   * What has been decommissioned is not the host's any more. Where its disk was lost, the disk does
   * not tell: what the host was then set up without does.
   */
  boot(host: Enrollee): void {
    const kept = this.#kept();
    const { environment } = this.#options;
    const lacking = host.ids.filter((one) =>
      this.#options.isLeftOut(one) && !kept.gone.includes(one));
    const gone = [...kept.gone, ...lacking];
    if (lacking.length > 0) this.#keep({ ...kept, gone });
    for (const resource of lacking) environment.observe({ type: 'resource-retired', resource });
    if (gone.length > 0) host.ids = host.ids.filter((resource) => !gone.includes(resource));
  }

  /** A life of the agent begins. */
  start(host: Enrollee): void {
    host.open = new Set(host.ids);
    this.#wait();
  }

  /** If it was decommissioned, it is to be managed again, as another: it has no number yet. */
  commission(resource: number): void {
    const kept = this.#kept();
    if (!kept.gone.includes(resource)) return;
    this.#keep({ ...kept, gone: kept.gone.filter((one) => one !== resource) });
  }

  /**
   * It is one of the host's still; but it may be decommissioned, and the word of that under way or
   * lost. So it is another from now on as well.
   */
  renew(host: Enrollee, resource: number): void {
    const kept = this.#kept();
    const { [resource]: own, ...numbers } = kept.numbers;
    if (own === undefined) return;
    this.#keep({ ...kept, numbers, last: { ...kept.last, [resource]: own } });
    this.#reopen(host, resource);
  }

  /** It is one of the host's from now on. */
  admit(host: Enrollee, resource: number): void {
    this.#reopen(host, resource);
  }

  onTimer({ open }: Enrollee): void {
    if (open === undefined || open.size === 0) return;
    this.#wait();
    this.#ask(open);
  }

  /** A manager asks after resources that are not the host's. */
  asked(from: Address, resources: readonly number[]): void {
    if (resources.length === 0) return;
    const { last } = this.#kept();
    this.#tellRetired(from, resources.map((resource) => ({
      resource, number: last[resource] ?? null,
    })));
  }

  /** Of those, what has been retired: whoever takes it for registered is to learn better. */
  #tellRetired(to: Address, all: ResourceRetired['entries']): void {
    const { environment } = this.#options;
    const { gone } = this.#kept();
    const entries = all.filter(({ resource }) => gone.includes(resource));
    if (entries.length === 0) return;
    environment.send(to, {
      type: 'resource-retired', agent: environment.address, hops: 0, entries,
    });
  }

  onEnrolled(host: Enrollee, from: Address, { ballot, entries: told }: ResourceEnrolled): void {
    const { open, ids } = host;
    if (open === undefined) return;
    this.#tellRetired(from, told.filter(({ standing }) => standing === 'registered')
      .map(({ resource, number }) => ({ resource, number: { ...number } })));
    // What the coordinator would not believe is not kept for it.
    const own = told.filter(({ resource, number }) => ids.includes(resource) &&
      number.ballot.counter <= ballot.counter + mostRaised &&
      isCount(number.ballot.incarnation) && isCount(number.sequence));
    const standing = (wanted: Told['standing']): Told[] =>
      own.filter((entry) => entry.standing === wanted);
    this.#onRegistered(standing('registered'));
    for (const { resource } of standing('registered')) open.delete(resource);
    const { environment } = this.#options;
    for (const why of ['taken', 'gone-back'] as const) {
      for (const { resource } of standing(why)) {
        if (!open.delete(resource)) continue;
        environment.observe({ type: 'registration-refused', resource, why });
      }
    }
    for (const entry of standing('decommissioned')) this.#onDecommissioned(host, entry);
    const unknown = standing('unknown');
    for (const { resource } of unknown) this.#reopen(host, resource);
    if (unknown.length > 0) this.#ask(open);
  }

  #onRegistered(entries: readonly Told[]): void {
    const kept = this.#kept();
    const numbers = { ...kept.numbers };
    // Copies: the message is gone after this call.
    const fresh = entries.filter(({ resource, number }) =>
      compareTokens(numbers[resource] ?? null, number) !== 0);
    for (const { resource, number } of fresh) numbers[resource] = { ...number };
    if (fresh.length > 0) this.#keep({ ...kept, numbers });
    for (const { resource } of fresh) {
      this.#options.environment.observe({ type: 'resource-registered', resource });
    }
  }

  /** Unless that is about what the resource was before it was commissioned again. */
  #onDecommissioned(host: Enrollee, { resource, number }: Told): void {
    const kept = this.#kept();
    const { [resource]: own = null, ...numbers } = kept.numbers;
    // Under a greater number it was registered since, by one whose word of that was lost.
    const order = compareTokens(number, own);
    const isNew = order > 0 && compareTokens(number, kept.last[resource] ?? null) > 0;
    if (order !== 0 && !isNew) return;
    const last = { ...kept.last, [resource]: { ...number } };
    this.#keep({ numbers, last, gone: [...kept.gone, resource] });
    host.ids = host.ids.filter((one) => one !== resource);
    host.open!.delete(resource);
    this.#options.environment.observe({ type: 'resource-retired', resource });
    this.#options.retire(resource);
  }

  #reopen({ open }: Enrollee, resource: number): void {
    if (open === undefined) return;
    if (open.size === 0) this.#wait();
    open.add(resource);
  }

  #ask(open: ReadonlySet<number>): void {
    const { environment, config, pointers } = this.#options;
    const to = [...open].map((resource) => pointers.manager(resource)).find((one) => one !== -1);
    if (to === undefined) return;
    const { numbers } = this.#kept();
    const entries = [...open].slice(0, config.entriesPerMessage).map((resource) => {
      const { descriptor, incarnation } = this.#options.registration(resource);
      return { resource, number: numbers[resource] ?? null, incarnation, descriptor };
    });
    environment.send(to, { type: 'resource-enrol', agent: environment.address, hops: 0, entries });
  }

  #kept(): Kept {
    const { store } = this.#options.environment;
    return (store.get(storeKey) as unknown as Kept | undefined) ?? none;
  }

  #keep(kept: Kept): void {
    const { store } = this.#options.environment;
    store.put(storeKey, kept as unknown as StoreValue);
    store.sync();
  }

  #wait(): void {
    const { environment, config: { resources: { retryMaxUs } } } = this.#options;
    // Jitter of up to half: many hosts may start as one.
    const delayUs = Math.ceil(retryMaxUs * (0.5 + 0.5 * environment.random.next()));
    environment.after(delayUs, AgentTimer.enrol, 0);
  }
}

const none: Kept = { numbers: {}, last: {}, gone: [] };
