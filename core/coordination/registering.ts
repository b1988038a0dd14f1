/**
 * How an agent finds managers for resources that have none: asks one after the other, for ever. A
 * round reaches everyone that it knows; from round to round it waits longer.
 */
import type { CoreConfig } from './config.js';
import type { Ballot } from '../identity.js';
import { mark } from '../marks.js';
import type { CoordinationMessage, Registration } from './messages.js';
import { pieces } from '../pieces.js';
import type { Address, Environment, TimerId } from '../process.js';
import type { Pointers } from './pointers.js';
import { AgentTimer } from './timers.js';
import { alternatesKept, Walk, type Seeds } from './walk.js';

/** A host some of whose resources may have no manager. */
export interface Applicant {
  ids: readonly number[];
  /** Managers heard of lately. */
  readonly alternates: Address[];
  readonly ballot: Ballot | null;
  /** Null: all resources had managers when that was last looked at. */
  search: Search | null;
}

/** A search under way. */
export interface Search {
  readonly walk: Walk;
  /** The next manager is asked then. */
  timer: TimerId;
  dueUs: number;
}

export interface RegisteringOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly pointers: Pointers;
  readonly seeds: Seeds;
  registration(resource: number): Registration;
}

export class Registering {
  readonly #options: RegisteringOptions;
  readonly #environment: Environment<CoordinationMessage>;
  readonly #config: CoreConfig['resources'];
  readonly #pointers: Pointers;

  constructor(options: RegisteringOptions) {
    this.#options = options;
    this.#environment = options.environment;
    this.#config = options.config.resources;
    this.#pointers = options.pointers;
  }

  remember({ alternates }: Applicant, alternate: Address): void {
    if (alternate < 0 || alternates.includes(alternate)) return;
    alternates.push(alternate);
    if (alternates.length > alternatesKept) alternates.shift();
  }

  /** The host has begun to live, and none of its resources has a manager. */
  start(host: Applicant): void {
    this.#begin(host, -1);
  }

  /** The resource has lost its manager: it is not to wait for what others were patient with. */
  lost(host: Applicant, resource: number): void {
    const { search } = host;
    const last = this.#pointers.silent(resource);
    if (search === null) {
      this.#begin(host, last);
    } else if (host.ids.every((id) => id === resource || this.#pointers.manager(id) !== -1)) {
      this.#environment.cancelTimer(search.timer);
      this.#begin(host, last);
    } else {
      search.walk.round = 0;
      if (search.dueUs - this.#environment.now() <= this.#config.retryUs) return;
      this.#environment.cancelTimer(search.timer);
      this.#wait(search, this.#config.retryUs);
    }
  }

  /** The next manager is to be asked. */
  onTimer(host: Applicant): void {
    const { search } = host;
    if (search !== null) this.#ask(host, search);
  }

  #begin(host: Applicant, last: Address): void {
    const { environment, seeds } = this.#options;
    const walk = new Walk(seeds, host.alternates, last, environment.random.next());
    host.search = { walk, timer: 0, dueUs: 0 };
    this.#ask(host, host.search);
  }

  #ask(host: Applicant, search: Search): void {
    const lost = host.ids.filter((resource) => this.#pointers.manager(resource) === -1);
    if (lost.length === 0) {
      host.search = null;
      return;
    }
    const { walk } = search;
    if (walk.isRoundOver) mark(this.#environment, 'all managers asked in vain');
    const to = walk.take();
    const { retryUs, retryMaxUs } = this.#config;
    this.#wait(search, walk.isRoundOver
      ? Math.min(retryMaxUs, retryUs * (1 << Math.min(walk.round, 20))) : retryUs);
    for (const some of pieces(lost, this.#options.config.entriesPerMessage)) {
      const entries = some.map((resource) => this.#options.registration(resource));
      this.#environment.send(to, {
        type: 'resource-register', agent: this.#environment.address, hops: 0,
        ballot: host.ballot, entries,
      });
    }
  }

  #wait(search: Search, patienceUs: number): void {
    // Jitter of up to half, so that those who lost the same manager do not come back as one.
    const delayUs = Math.ceil(patienceUs * (0.5 + 0.5 * this.#environment.random.next()));
    search.dueUs = this.#environment.now() + delayUs;
    search.timer = this.#environment.setTimer(delayUs, AgentTimer.register, 0);
  }
}
