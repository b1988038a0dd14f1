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

/** What the agent knows of one resource's manager. */
class Row {
  readonly resource: number;
  /** Whom the resource points to; -1 while it registers. */
  manager: Address = -1;
  /** The greatest assignment ever obeyed, also after it was given up. */
  token: Token | null = null;
  handle = 0;
  sequence = 0;
  answered = 0;
  /** When the heartbeat of that sequence was sent. */
  sentUs = 0;
  /** When the manager gave a sign of life other than an answer. */
  signUs = 0;
  /** Whom it gave up for being silent. */
  silent: Address = -1;
  watched = false;

  constructor(resource: number) {
    this.resource = resource;
  }
}

/**
 * When the manager is last known to have lived. An answer shows that it did when that heartbeat was
 * sent, not that it does now; reckoned from the sequence, so that an answer need not note a time.
 */
function heardUs(row: Row, periodUs: number): number {
  const answeredUs = row.sentUs - (row.sequence - row.answered) * periodUs;
  return Math.max(row.signUs, answeredUs);
}

class Agent implements AgentProcess {
  readonly #environment: Environment;
  readonly #resources: Resources;
  readonly #options: AgentOptions;
  readonly #config: CoreConfig['resources'];
  readonly #rows: Row[];
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
    this.#rows = resources.ids.map((resource) => new Row(resource));
    this.#first = resources.ids[0] ?? 0;
    this.#actuation = new Actuation(environment, resources, {
      token: (resource) => this.#row(resource)?.token ?? null,
      ballot: () => this.#ballot,
    });
  }

  start(): void {
    const { random } = this.#environment;
    for (let index = 0; index < this.#rows.length; index += 1) {
      const phase = Math.floor(random.next() * this.#config.heartbeatPeriodUs);
      this.#environment.setTimer(phase, AgentTimer.heartbeat, index);
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
    else if (kind === AgentTimer.answerDeadline) this.#onDeadline(this.#rows[argument]);
    else if (kind === AgentTimer.register) this.#register();
  }

  onActuated(resource: number, actuation: number, succeeded: boolean): void {
    this.#actuation.ended(resource, actuation, succeeded);
  }

  /** Resources of one host are numbered without gaps, as the inventory deals them. */
  #row(resource: number): Row | undefined {
    return this.#rows[resource - this.#first];
  }

  // -- heartbeats

  #beat(index: number): void {
    const row = this.#rows[index];
    const { heartbeatPeriodUs } = this.#config;
    this.#environment.setTimer(heartbeatPeriodUs, AgentTimer.heartbeat, index);
    if (row.manager === -1) return;
    const { resource } = row;
    const state = this.#resources.state(resource);
    if (row.answered < row.sequence && !row.watched) this.#watch(row, index);
    if (state === 'down') {
      this.#endure(row);
      return;
    }
    row.sequence += 1;
    row.sentUs = this.#environment.now();
    this.#environment.send(row.manager, {
      type: 'resource-heartbeat',
      resource,
      token: row.token!,
      handle: row.handle,
      sequence: row.sequence,
      state,
      incarnation: this.#resources.incarnation(resource),
      metrics: this.#resources.metrics(resource),
    });
  }

  /** The last heartbeat has no answer yet: look again when the manager counts as silent. */
  #watch(row: Row, index: number): void {
    row.watched = true;
    const now = this.#environment.now();
    const { heartbeatPeriodUs, answerTimeoutUs } = this.#config;
    const delay = Math.max(0, heardUs(row, heartbeatPeriodUs) + answerTimeoutUs - now);
    this.#environment.setTimer(delay, AgentTimer.answerDeadline, index);
  }

  #onDeadline(row: Row): void {
    row.watched = false;
    if (row.manager === -1 || row.answered === row.sequence) return;
    const silentUs = this.#environment.now() - heardUs(row, this.#config.heartbeatPeriodUs);
    if (silentUs >= this.#config.answerTimeoutUs) this.#giveUp(row, 'silent');
  }

  /**
   * A crashed resource is silent, so it gets no answers; its manager should find that out and
   * probe once a period. If not even that comes, the manager is gone too.
   */
  #endure(row: Row): void {
    const { heartbeatPeriodUs, timeoutUs, checkPeriodUs, answerTimeoutUs } = this.#config;
    const patienceUs = timeoutUs + checkPeriodUs + heartbeatPeriodUs + answerTimeoutUs;
    const silentUs = this.#environment.now() - heardUs(row, heartbeatPeriodUs);
    if (silentUs > patienceUs) this.#giveUp(row, 'silent');
  }

  #onAnswer(from: Address, message: ResourceHeartbeatAnswer): void {
    if (message.ballot !== null) this.#hear(message.ballot);
    const row = this.#row(message.resource);
    if (row === undefined || row.manager !== from) return;
    if (message.sequence <= row.answered || message.sequence > row.sequence) return;
    row.answered = message.sequence;
    this.#remember(message.alternate);
  }

  #onUnknown(from: Address, message: ResourceUnknown): void {
    if (message.ballot !== null) this.#hear(message.ballot);
    const row = this.#row(message.resource);
    if (row === undefined || row.manager !== from) return;
    if (compareTokens(row.token, message.token) === 0) this.#giveUp(row, 'unknown');
  }

  // -- registration

  #giveUp(row: Row, why: 'silent' | 'unknown'): void {
    row.silent = why === 'silent' ? row.manager : -1;
    row.manager = -1;
    this.#environment.observe({ type: 'pointer-lost', resource: row.resource, why });
    if (!this.#registering) {
      this.#attempt = 0;
      this.#register();
    }
  }

  /** Asks one manager after another for a holder, with growing patience, for ever. */
  #register(): void {
    const rows = this.#rows.filter(({ manager }) => manager === -1);
    this.#registering = rows.length > 0;
    if (!this.#registering) return;
    const { retryUs, retryMaxUs } = this.#config;
    const patienceUs = Math.min(retryMaxUs, retryUs * (1 << Math.min(this.#attempt, 20)));
    // Jitter of up to half, so that those who lost the same manager do not come back as one.
    const delayUs = Math.ceil(patienceUs * (0.5 + 0.5 * this.#environment.random.next()));
    this.#environment.setTimer(delayUs, AgentTimer.register, 0);
    const to = this.#candidate(rows[0].silent);
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

  #registration(row: Row): Registration {
    const { resource } = row;
    return {
      resource,
      descriptor: this.#options.descriptor(resource),
      state: this.#resources.state(resource),
      incarnation: this.#resources.incarnation(resource),
      lost: row.token,
      silent: row.silent,
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
      const row = this.#row(resource);
      if (row === undefined) continue;
      this.#consider(row, from, token, handle);
      entries.push({ resource, offered: token, token: row.token, manager: row.manager });
    }
    this.#environment.send(from, { type: 'resource-accepted', entries });
  }

  /** Obeys an assignment that is newer than its own and not of a deposed coordinator. */
  #consider(row: Row, from: Address, token: Token, handle: number): void {
    const order = compareTokens(token, row.token);
    const known = order === 0 && (row.manager === -1 || row.manager === from);
    const fenced = compareBallots(token.ballot, this.#ballot) < 0;
    if (!known && (order <= 0 || fenced)) return;
    row.handle = handle;
    if (order === 0 && row.manager === from) return;
    row.manager = from;
    row.token = token;
    // Sequences go on, so that a late answer under an earlier token is known for what it is.
    row.answered = row.sequence;
    row.signUs = this.#environment.now();
    row.silent = -1;
    this.#environment.observe({
      type: 'pointer-set', resource: row.resource, manager: from, token,
    });
  }

  #onProbe(from: Address, message: AgentProbe): void {
    if (message.ballot !== null) this.#hear(message.ballot);
    const entries: Pointer[] = [];
    for (const { resource, token, handle } of message.entries) {
      const row = this.#row(resource);
      if (row === undefined) continue;
      if (row.manager === from && compareTokens(row.token, token) === 0) {
        row.handle = handle;
        row.signUs = this.#environment.now();
      }
      entries.push({ resource, offered: token, token: row.token, manager: row.manager });
    }
    this.#environment.send(from, { type: 'agent-probe-answer', entries });
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
