/**
 * How an agent has its host's resources registered: it asks, by way of a manager that it obeys,
 * until each has its number, which it keeps on the host's disk. After a start it asks again, for
 * its host may have been away for long, and be told that a resource was decommissioned meanwhile.
 */
import type { CoreConfig } from './config.js';
import { compareTokens, type Token } from '../identity.js';
import type { ResourceEnrolled } from './inventory-messages.js';
import type { CoordinationMessage, Registration } from './messages.js';
import type { Environment } from '../process.js';
import { isCount, mostRaised } from '../plausible.js';
import type { Pointers } from './pointers.js';
import { AgentTimer } from './timers.js';

const storeKey = 'enrolled';

/** A host, as far as its resources are to be registered. */
export interface Enrollee {
  readonly ids: readonly number[];
  /** Resources whose registration is not confirmed in this life of the agent. */
  open?: Set<number>;
}

export interface EnrollingOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly pointers: Pointers;
  registration(resource: number): Registration;
}

export class Enrolling {
  readonly #options: EnrollingOptions;

  constructor(options: EnrollingOptions) {
    this.#options = options;
  }

  /** A life of the agent begins. */
  start(host: Enrollee): void {
    host.open = new Set(host.ids);
    this.#wait();
  }

  onTimer({ open }: Enrollee): void {
    if (open === undefined || open.size === 0) return;
    this.#wait();
    const { environment, config, pointers } = this.#options;
    const to = [...open].map((resource) => pointers.manager(resource)).find((one) => one !== -1);
    if (to === undefined) return;
    const numbers = this.#numbers();
    const entries = [...open].slice(0, config.entriesPerMessage).map((resource) => {
      const { descriptor, incarnation } = this.#options.registration(resource);
      return { resource, number: numbers[resource] ?? null, incarnation, descriptor };
    });
    environment.send(to, { type: 'resource-enrol', agent: environment.address, hops: 0, entries });
  }

  onEnrolled({ ids, open }: Enrollee, { ballot, entries: told }: ResourceEnrolled): void {
    if (open === undefined) return;
    const { environment } = this.#options;
    // What the coordinator would not believe is not kept for it.
    const entries = told.filter(({ resource, number }) => ids.includes(resource) &&
      number.ballot.counter <= ballot.counter + mostRaised &&
      isCount(number.ballot.incarnation) && isCount(number.sequence));
    const numbers = { ...this.#numbers() };
    const isNew = (resource: number, number: Token): boolean =>
      compareTokens(numbers[resource] ?? null, number) !== 0;
    const fresh = entries.filter(({ resource, number, standing }) =>
      standing === 'registered' && isNew(resource, number));
    // Copies: the message is gone after this call.
    for (const { resource, number } of fresh) numbers[resource] = { ...number };
    if (fresh.length > 0) {
      environment.store.put(storeKey, numbers);
      environment.store.sync();
    }
    for (const { resource } of fresh) {
      environment.observe({ type: 'resource-registered', resource });
    }
    for (const { resource, standing } of entries) {
      if (!open.delete(resource) || standing === 'registered') continue;
      environment.observe({ type: 'registration-refused', resource, why: standing });
    }
  }

  /** By resource, from the host's disk. */
  #numbers(): Readonly<Record<number, Token>> {
    return (this.#options.environment.store.get(storeKey) ?? {}) as unknown as
      Record<number, Token>;
  }

  #wait(): void {
    const { environment, config: { resources: { retryMaxUs } } } = this.#options;
    // Jitter of up to half: many hosts may start as one.
    const delayUs = Math.ceil(retryMaxUs * (0.5 + 0.5 * environment.random.next()));
    environment.after(delayUs, AgentTimer.enrol, 0);
  }
}
