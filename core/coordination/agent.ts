/**
 * The agent of one host: registers the host's resources, speaks for each of them to its manager,
 * and carries out actions on them.
 */
import type { CoreConfig } from '../config.js';
import { compareBallots, compareTokens, type Ballot, type Token } from '../identity.js';
import type {
  AgentProbe, Message, Pointer, Registration, ResourceAssigned, ResourceHeartbeatAnswer,
  ResourceUnknown,
} from '../messages.js';
import type { Descriptor } from '../metamodel/entity.js';
import type { Address, AgentProcess, Environment, Resources } from '../process.js';
import { Actuation } from './actuation.js';
import { Pointers } from './pointers.js';
import { AgentTimer } from './timers.js';

/** What an agent is told at its start. */
export interface AgentOptions {
  readonly config: CoreConfig;
  /** Configured managers; those of `near` (its own zone) are tried in turn with all of `all`. */
  readonly seeds: { readonly near: readonly Address[]; readonly all: readonly Address[] };
  descriptor(resource: number): Descriptor;
}

/** Managers heard of lately that an agent remembers. */
const alternatesKept = 4;

/** The agent of one host: speaks for the host's resources and carries out actions on them. */
export function createAgent(
  environment: Environment,
  resources: Resources,
  options: AgentOptions,
): AgentProcess {
  return new Agent(environment, resources, options);
}

class Agent implements AgentProcess {
  readonly #environment: Environment;
  readonly #resources: Resources;
  readonly #options: AgentOptions;
  readonly #config: CoreConfig['resources'];
  readonly #pointers: Pointers;
  readonly #first: number;
  readonly #actuation: Actuation;
  readonly #alternates: Address[] = [];
  /** The greatest ballot heard of: nothing new under a lesser one is obeyed. */
  #ballot: Ballot | null = null;
  #attempt = 0;
  #registering = false;

  constructor(environment: Environment, resources: Resources, options: AgentOptions) {
    this.#environment = environment;
    this.#resources = resources;
    this.#options = options;
    this.#config = options.config.resources;
    this.#pointers = new Pointers(resources.ids.length);
    this.#first = resources.ids[0] ?? 0;
    this.#actuation = new Actuation(environment, resources, {
      token: (resource) => this.#isOwn(resource) ? this.#pointers.token(this.#row(resource)) : null,
      ballot: () => this.#ballot,
    });
  }

  start(): void {
    const { random } = this.#environment;
    for (let row = 0; row < this.#pointers.count; row += 1) {
      const phase = Math.floor(random.next() * this.#config.heartbeatPeriodUs);
      this.#environment.setTimer(phase, AgentTimer.heartbeat, row);
    }
    this.#actuation.recover();
    this.#register();
  }

  receive(from: Address, message: Message): void {
    switch (message.type) {
      case 'resource-heartbeat-answer': return this.#onAnswer(from, message);
      case 'resource-unknown': return this.#onUnknown(from, message);
      case 'resource-assigned': return this.#onAssigned(from, message);
      case 'agent-probe': return this.#onProbe(from, message);
      case 'action-request':
        this.#hear(message.authority.ballot);
        return this.#actuation.request(from, message);
      default:
        // Whatever else comes was not meant for an agent.
    }
  }

  onTimer(kind: number, argument: number): void {
    if (kind === AgentTimer.heartbeat) this.#beat(argument);
    else if (kind === AgentTimer.answerDeadline) this.#onDeadline(argument);
    else if (kind === AgentTimer.register) this.#register();
  }

  expectMessage(message: Message): number {
    if (message.type !== 'resource-heartbeat-answer' || !this.#isOwn(message.resource)) return 0;
    return this.#pointers.manager(this.#row(message.resource));
  }

  expectTimer(kind: number, argument: number): number {
    if (kind !== AgentTimer.heartbeat) return 0;
    return this.#pointers.touch(argument) + this.#resources.incarnation(this.#first + argument);
  }

  onActuated(resource: number, actuation: number, succeeded: boolean): void {
    this.#actuation.ended(resource, actuation, succeeded);
  }

  /** Resources of one host are numbered without gaps, as the inventory deals them. */
  #row(resource: number): number {
    return resource - this.#first;
  }

  #isOwn(resource: number): boolean {
    return resource >= this.#first && resource < this.#first + this.#pointers.count;
  }

  // -- heartbeats

  #beat(row: number): void {
    const environment = this.#environment;
    const pointers = this.#pointers;
    environment.setTimer(this.#config.heartbeatPeriodUs, AgentTimer.heartbeat, row);
    const manager = pointers.manager(row);
    if (manager === -1) return;
    const resource = this.#first + row;
    const state = this.#resources.state(resource);
    if (!pointers.isAnswered(row) && !pointers.isWatched(row)) this.#watch(row);
    if (state === 'down') {
      this.#endure(row);
      return;
    }
    environment.send(manager, {
      type: 'resource-heartbeat',
      resource,
      token: pointers.token(row)!,
      handle: pointers.handle(row),
      sequence: pointers.sent(row, environment.now()),
      state,
      incarnation: this.#resources.incarnation(resource),
      metrics: this.#resources.metrics(resource),
    });
  }

  /** The last heartbeat has no answer yet: look again when the manager counts as silent. */
  #watch(row: number): void {
    this.#pointers.watch(row, true);
    const now = this.#environment.now();
    const { heartbeatPeriodUs, answerTimeoutUs } = this.#config;
    const heardUs = this.#pointers.heardUs(row, heartbeatPeriodUs);
    const delay = Math.max(0, heardUs + answerTimeoutUs - now);
    this.#environment.setTimer(delay, AgentTimer.answerDeadline, row);
  }

  #onDeadline(row: number): void {
    this.#pointers.watch(row, false);
    if (this.#pointers.manager(row) === -1 || this.#pointers.isAnswered(row)) return;
    if (this.#silentUs(row) >= this.#config.answerTimeoutUs) this.#giveUp(row, 'silent');
  }

  /**
   * A crashed resource is silent, so it gets no answers; its manager should find that out and
   * probe once a period. If not even that comes, the manager is gone too.
   */
  #endure(row: number): void {
    const { heartbeatPeriodUs, timeoutUs, checkPeriodUs, answerTimeoutUs } = this.#config;
    const patienceUs = timeoutUs + checkPeriodUs + heartbeatPeriodUs + answerTimeoutUs;
    if (this.#silentUs(row) > patienceUs) this.#giveUp(row, 'silent');
  }

  #silentUs(row: number): number {
    return this.#environment.now() - this.#pointers.heardUs(row, this.#config.heartbeatPeriodUs);
  }

  #onAnswer(from: Address, message: ResourceHeartbeatAnswer): void {
    if (message.ballot !== null) this.#hear(message.ballot);
    const row = this.#row(message.resource);
    if (!this.#isOwn(message.resource) || this.#pointers.manager(row) !== from) return;
    if (this.#pointers.answered(row, message.sequence)) this.#remember(message.alternate);
  }

  #onUnknown(from: Address, message: ResourceUnknown): void {
    if (message.ballot !== null) this.#hear(message.ballot);
    const row = this.#row(message.resource);
    if (!this.#isOwn(message.resource) || this.#pointers.manager(row) !== from) return;
    if (compareTokens(this.#pointers.token(row), message.token) === 0) this.#giveUp(row, 'unknown');
  }

  // -- registration

  #giveUp(row: number, why: 'silent' | 'unknown'): void {
    this.#pointers.giveUp(row, why === 'silent');
    this.#environment.observe({ type: 'pointer-lost', resource: this.#first + row, why });
    if (!this.#registering) {
      this.#attempt = 0;
      this.#register();
    }
  }

  /** Asks one manager after another for a holder, with growing patience, for ever. */
  #register(): void {
    const rows: number[] = [];
    for (let row = 0; row < this.#pointers.count; row += 1) {
      if (this.#pointers.manager(row) === -1) rows.push(row);
    }
    this.#registering = rows.length > 0;
    if (!this.#registering) return;
    const { retryUs, retryMaxUs } = this.#config;
    const patienceUs = Math.min(retryMaxUs, retryUs * (1 << Math.min(this.#attempt, 20)));
    // Jitter of up to half, so that those who lost the same manager do not come back as one.
    const delayUs = Math.ceil(patienceUs * (0.5 + 0.5 * this.#environment.random.next()));
    this.#environment.setTimer(delayUs, AgentTimer.register, 0);
    const to = this.#candidate(this.#pointers.silent(rows[0]));
    const limit = this.#options.config.entriesPerMessage;
    for (let start = 0; start < rows.length; start += limit) {
      const entries = rows.slice(start, start + limit).map((row) => this.#registration(row));
      this.#environment.send(to, {
        type: 'resource-register', agent: this.#environment.address, hops: 0,
        ballot: this.#ballot, entries,
      });
    }
    this.#attempt += 1;
  }

  #registration(row: number): Registration {
    const resource = this.#first + row;
    return {
      resource,
      descriptor: this.#options.descriptor(resource),
      state: this.#resources.state(resource),
      incarnation: this.#resources.incarnation(resource),
      lost: this.#pointers.token(row),
      silent: this.#pointers.silent(row),
    };
  }

  /** Managers heard of lately first, then those of its zone and all others in turn. */
  #candidate(except: Address): Address {
    const { near, all } = this.#options.seeds;
    const known = this.#alternates.filter((address) => address !== except);
    const pool = this.#attempt < known.length ? known
      : this.#attempt % 2 === 0 && near.length > 0 ? near : all;
    const index = this.#attempt < known.length
      ? this.#attempt : Math.floor(this.#environment.random.next() * pool.length);
    const candidate = pool[index];
    return candidate !== except ? candidate : pool[(index + 1) % pool.length];
  }

  #onAssigned(from: Address, message: ResourceAssigned): void {
    if (message.ballot !== null) this.#hear(message.ballot);
    for (const alternate of message.alternates) this.#remember(alternate);
    const entries: Pointer[] = [];
    for (const { resource, token, handle } of message.entries) {
      if (!this.#isOwn(resource)) continue;
      const row = this.#row(resource);
      this.#consider(row, from, token, handle);
      entries.push(this.#pointer(row, token));
    }
    this.#environment.send(from, { type: 'resource-accepted', entries });
  }

  /** Obeys an assignment that is newer than its own and not of a deposed coordinator. */
  #consider(row: number, from: Address, token: Token, handle: number): void {
    const pointers = this.#pointers;
    const manager = pointers.manager(row);
    const order = compareTokens(token, pointers.token(row));
    const known = order === 0 && (manager === -1 || manager === from);
    const fenced = compareBallots(token.ballot, this.#ballot) < 0;
    if (!known && (order <= 0 || fenced)) return;
    pointers.setHandle(row, handle);
    if (order === 0 && manager === from) return;
    pointers.point(row, from, token, this.#environment.now());
    this.#environment.observe({
      type: 'pointer-set', resource: this.#first + row, manager: from, token,
    });
  }

  #onProbe(from: Address, message: AgentProbe): void {
    if (message.ballot !== null) this.#hear(message.ballot);
    const pointers = this.#pointers;
    const entries: Pointer[] = [];
    for (const { resource, token, handle } of message.entries) {
      if (!this.#isOwn(resource)) continue;
      const row = this.#row(resource);
      if (pointers.manager(row) === from && compareTokens(pointers.token(row), token) === 0) {
        pointers.setHandle(row, handle);
        pointers.sign(row, this.#environment.now());
      }
      entries.push(this.#pointer(row, token));
    }
    this.#environment.send(from, { type: 'agent-probe-answer', entries });
  }

  /** What the row says to whoever offered it that token. */
  #pointer(row: number, offered: Token): Pointer {
    const resource = this.#first + row;
    const token = this.#pointers.token(row);
    return { resource, offered, token, manager: this.#pointers.manager(row) };
  }

  #hear(ballot: Ballot): void {
    if (ballot === this.#ballot || compareBallots(ballot, this.#ballot) <= 0) return;
    this.#ballot = ballot;
    this.#environment.observe({ type: 'ballot-heard', ballot });
  }

  #remember(alternate: Address): void {
    if (alternate < 0 || this.#alternates.includes(alternate)) return;
    this.#alternates.push(alternate);
    if (this.#alternates.length > alternatesKept) this.#alternates.shift();
  }
}
