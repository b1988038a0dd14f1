/**
 * The agent of a host: registers the host's resources, speaks for each of them to its manager, and
 * carries out actions on them.
 */
import type { CoreConfig } from './config.js';
import { compareBallots, compareTokens, type Ballot, type Token } from '../identity.js';
import { mark } from '../marks.js';
import type {
  AgentProbe, CoordinationMessage, Pointer, Registration, ResourceAssigned,
  ResourceHeartbeatAnswer, ResourceUnknown,
} from './messages.js';
import type { Descriptor } from '../metamodel/entity.js';
import { BallotHorizon, isCount, isRow } from '../plausible.js';
import type { Address, AgentProcess, Devices, Environment, Resources } from '../process.js';
import { answerWithinUs } from '../rules/index.js';
import { Actuation } from './actuation.js';
import { Enrolling, type Enrollee } from './enrolling.js';
import { ManagerWatch } from './manager-watch.js';
import { isEarly, Pointers } from './pointers.js';
import { Questions } from './questions.js';
import { Registering, type Applicant } from './registering.js';
import { AgentTimer } from './timers.js';

/** What agents are told at their start. */
export interface AgentOptions {
  readonly config: CoreConfig;
  /** Configured managers; those of `near` are of its own zone. */
  readonly seeds: { readonly near: readonly Address[]; readonly all: readonly Address[] };
  descriptor(resource: number): Descriptor;
}

/** The agent of one host: speaks for the host's resources and carries out actions on them. */
export function createAgent(
  environment: Environment<CoordinationMessage>,
  resources: Resources,
  options: AgentOptions,
): AgentProcess {
  const { ids } = resources;
  return new Agents(environment, options, new Pointers(ids[0] ?? 0, ids.length)).boot(resources);
}

/** What an agent knows beside the pointers of its resources. */
interface Host extends Applicant, Enrollee {
  readonly actuation: Actuation;
  /** The greatest ballot heard of: nothing new under a lesser one is obeyed. */
  ballot: Ballot | null;
  readonly horizon: BallotHorizon;
  /** Retired ones of which a beat is still to come, and whether they are commissioned with it. */
  readonly lastBeats: Map<number, boolean>;
}

/**
 * The agents of all hosts that share an environment: one of them, or in a simulated world all.
 * Whose turn it is the environment's address says. What nearly every event needs is in one row of
 * `pointers`; the rest of a host's state is looked up where it is needed.
 */
export class Agents implements AgentProcess {
  readonly #environment: Environment<CoordinationMessage>;
  readonly #config: CoreConfig['resources'];
  readonly #pointers: Pointers;
  readonly #options: AgentOptions;
  readonly #hosts = new Map<Address, Host>();
  readonly #registering: Registering;
  readonly #managerWatch: ManagerWatch;
  /** Null without an inventory. */
  readonly #enrolling: Enrolling | null;
  #devices!: Devices;

  constructor(
    environment: Environment<CoordinationMessage>, options: AgentOptions, pointers: Pointers,
  ) {
    this.#environment = environment;
    this.#config = options.config.resources;
    this.#pointers = pointers;
    this.#options = options;
    const { config, seeds: { near, all } } = options;
    const neighbours = new Set(near);
    this.#registering = new Registering({
      environment, config, pointers,
      seeds: { near, far: all.filter((address) => !neighbours.has(address)) },
      registration: (resource) => this.#registration(resource),
    });
    this.#managerWatch = new ManagerWatch({
      environment, config: config.resources, pointers,
      giveUp: (resource) => this.#giveUp(resource, 'silent'),
    });
    this.#enrolling = config.inventory !== true ? null : new Enrolling({
      environment, config, pointers,
      registration: (resource) => this.#registration(resource),
      isLeftOut: (resource) => this.#devices.isRetired?.(resource) === true,
      retire: (resource) => this.#retire(resource),
    });
  }

  /** The agent at the environment's address begins a new life, knowing nothing. */
  boot({ ids, devices }: Resources): this {
    const environment = this.#environment;
    const pointers = this.#pointers;
    const { actions } = this.#options.config;
    this.#devices = devices;
    for (const resource of ids) pointers.reset(resource, environment.address);
    const host: Host = {
      ids, alternates: [], ballot: null, horizon: new BallotHorizon(), search: null,
      lastBeats: new Map(),
      actuation: new Actuation(environment, devices, {
        owns: (resource) => this.#isOwn(resource),
        token: (resource) => pointers.token(resource),
        ballot: () => host.ballot,
      }, actions.deadlines === true ? new Questions(environment, answerWithinUs(actions)) : null),
    };
    this.#hosts.set(environment.address, host);
    this.#enrolling?.boot(host);
    if (host.ids !== ids) {
      const own = new Set(host.ids);
      for (const resource of ids) if (!own.has(resource)) pointers.retire(resource);
    }
    return this;
  }

  start(): void {
    const { random } = this.#environment;
    const host = this.#host();
    const { ids, actuation } = host;
    for (const resource of ids) this.#begin(resource, random.next());
    actuation.recover(ids);
    this.#registering.start(host);
    this.#enrolling?.start(host);
  }

  /** @param share - of a period, until its first beat */
  #begin(resource: number, share: number): void {
    const { heartbeatPeriodUs } = this.#config;
    const phase = Math.floor(share * heartbeatPeriodUs);
    this.#pointers.begin(resource, this.#environment.now() + phase, heartbeatPeriodUs);
    this.#environment.after(phase, AgentTimer.heartbeat, resource);
  }

  commission(resources: readonly number[]): void {
    const host = this.#host();
    for (const resource of resources) {
      if (host.ids.includes(resource)) {
        this.#enrolling?.renew(host, resource);
        continue;
      }
      this.#enrolling?.commission(resource);
      if (host.lastBeats.has(resource)) host.lastBeats.set(resource, true);
      else this.#admit(host, resource);
    }
  }

  #admit(host: Host, resource: number): void {
    this.#pointers.reset(resource, this.#environment.address);
    host.ids = [...host.ids, resource].sort((one, other) => one - other);
    this.#enrolling?.admit(host, resource);
    this.#begin(resource, this.#environment.random.next());
    this.#registering.lost(host, resource);
  }

  /** Of what has been retired since it was set. */
  #onLastBeat(resource: number): void {
    const host = this.#host();
    const comes = host.lastBeats.get(resource) === true;
    host.lastBeats.delete(resource);
    if (comes) this.#admit(host, resource);
  }

  /** Nobody is told: whoever listed it is told by the coordinator. */
  #retire(resource: number): void {
    if (this.#pointers.manager(resource) !== -1) {
      this.#environment.observe({ type: 'pointer-lost', resource, why: 'retired' });
    }
    this.#pointers.retire(resource);
    this.#host().lastBeats.set(resource, false);
    this.#devices.retire?.(resource);
  }

  receive(from: Address, message: CoordinationMessage): void {
    switch (message.type) {
      case 'resource-heartbeat-answer': return this.#onAnswer(from, message);
      case 'resource-unknown': return this.#onUnknown(from, message);
      case 'resource-assigned': return this.#onAssigned(from, message);
      case 'agent-probe': return this.#onProbe(from, message);
      case 'action-request':
        if (!this.#hear(message.authority.ballot)) return;
        return this.#host().actuation.request(from, message);
      case 'action-confirmed': return this.#host().actuation.confirmed(from, message);
      case 'resource-enrolled':
        if (!isRow(from) || !this.#hear(message.ballot)) return;
        return this.#enrolling?.onEnrolled(this.#host(), from, message);
      default:
        // Whatever else comes was not meant for an agent.
    }
  }

  onTimer(kind: number, argument: number): void {
    if (kind === AgentTimer.heartbeat) this.#beat(argument);
    else if (kind === AgentTimer.answerDeadline) this.#managerWatch.onDeadline(argument);
    else if (kind === AgentTimer.register) this.#registering.onTimer(this.#host());
    else if (kind === AgentTimer.enrol) this.#enrolling?.onTimer(this.#host());
  }

  onActuated(resource: number, actuation: number, succeeded: boolean): void {
    this.#host().actuation.ended(resource, actuation, succeeded);
  }

  /** Whose turn it is. */
  #host(): Host {
    return this.#hosts.get(this.#environment.address)!;
  }

  #isOwn(resource: number): boolean {
    return this.#pointers.isOf(resource, this.#environment.address);
  }

  // -- heartbeats

  #beat(resource: number): void {
    if (!this.#isOwn(resource)) return this.#onLastBeat(resource);
    const environment = this.#environment;
    const pointers = this.#pointers;
    const { heartbeatPeriodUs } = this.#config;
    const lateUs = pointers.beat(resource, environment.now(), heartbeatPeriodUs);
    // The next one makes up for a timer that came early: beats count for whole periods.
    const delayUs = isEarly(lateUs) ? heartbeatPeriodUs - lateUs : heartbeatPeriodUs;
    environment.after(delayUs, AgentTimer.heartbeat, resource);
    const manager = pointers.manager(resource);
    if (manager === -1) return;
    const state = this.#devices.state(resource);
    if (!pointers.isAnswered(resource)) this.#managerWatch.awaitAnswer(resource, lateUs);
    if (state === 'down') {
      this.#managerWatch.endure(resource, lateUs);
      return;
    }
    environment.send(manager, {
      type: 'resource-heartbeat',
      resource,
      tokenBallot: pointers.tokenBallot(resource),
      tokenSequence: pointers.tokenSequence(resource),
      handle: pointers.handle(resource),
      sequence: pointers.sent(resource, heartbeatPeriodUs),
      state,
      incarnation: this.#devices.incarnation(resource),
      metrics: this.#devices.metrics(resource),
    });
  }

  #onAnswer(from: Address, message: ResourceHeartbeatAnswer): void {
    const { resource, ballot } = message;
    const pointers = this.#pointers;
    if (!this.#isOwn(resource)) return;
    if (ballot !== null && !pointers.knows(resource, ballot)) this.#hear(ballot);
    if (pointers.manager(resource) !== from) return;
    if (!pointers.answered(resource, message.sequence)) {
      mark(this.#environment, 'answer to an older heartbeat');
    } else if (message.alternate >= 0) {
      this.#registering.remember(this.#host(), message.alternate);
    }
  }

  #onUnknown(from: Address, message: ResourceUnknown): void {
    if (!this.#hear(message.ballot)) return;
    const { resource } = message;
    if (!this.#isOwn(resource) || this.#pointers.manager(resource) !== from) return;
    const order = compareTokens(this.#pointers.token(resource), message.token);
    if (order === 0) this.#giveUp(resource, 'unknown');
  }

  // -- registration

  #giveUp(resource: number, why: 'silent' | 'unknown'): void {
    this.#pointers.giveUp(resource, why === 'silent');
    this.#environment.observe({ type: 'pointer-lost', resource, why });
    this.#registering.lost(this.#host(), resource);
  }

  #registration(resource: number): Registration {
    return {
      resource,
      descriptor: this.#options.descriptor(resource),
      state: this.#devices.state(resource),
      incarnation: this.#devices.incarnation(resource),
      lost: this.#pointers.token(resource),
      silent: this.#pointers.silent(resource),
    };
  }

  #onAssigned(from: Address, message: ResourceAssigned): void {
    if (!this.#believes(from, message)) return;
    const host = this.#host();
    for (const alternate of message.alternates) this.#registering.remember(host, alternate);
    const entries: Pointer[] = [];
    const partings = new Map<Address, Pointer[]>();
    for (const { resource, token, handle } of message.entries) {
      if (!this.#isOwn(resource)) continue;
      const former = this.#pointers.manager(resource);
      const offered = this.#pointers.token(resource);
      this.#consider(resource, from, token, handle);
      entries.push(this.#pointer(resource, token));
      const left = former !== from && this.#pointers.manager(resource) === from;
      if (former === -1 || offered === null || !left) continue;
      partings.set(former, [...partings.get(former) ?? [], this.#pointer(resource, offered)]);
    }
    this.#environment.send(from, { type: 'resource-accepted', entries });
    // Who was obeyed until now goes on listing in good faith: it hears first hand that it is over.
    for (const [former, pointers] of partings) {
      this.#environment.send(former, { type: 'resource-accepted', entries: pointers });
    }
  }

  /** Obeys an assignment that is newer than its own and not of a deposed coordinator. */
  #consider(resource: number, from: Address, token: Token, handle: number): void {
    const pointers = this.#pointers;
    const manager = pointers.manager(resource);
    const order = compareTokens(token, pointers.token(resource));
    const known = order === 0 && (manager === -1 || manager === from);
    const fenced = compareBallots(token.ballot, this.#host().ballot) < 0;
    if (!known && (order <= 0 || fenced)) {
      mark(this.#environment, order <= 0
        ? 'older assignment refused' : 'assignment of a deposed coordinator refused');
      return;
    }
    pointers.setHandle(resource, handle);
    if (order === 0 && manager === from) return;
    const { heartbeatPeriodUs } = this.#config;
    pointers.point(resource, from, token, this.#environment.now(), heartbeatPeriodUs);
    this.#environment.observe({
      type: 'pointer-set', resource, manager: from, token,
    });
  }

  #onProbe(from: Address, message: AgentProbe): void {
    if (!this.#believes(from, message)) return;
    const pointers = this.#pointers;
    const entries: Pointer[] = [];
    const others: number[] = [];
    for (const { resource, token, handle } of message.entries) {
      if (!this.#isOwn(resource)) {
        others.push(resource);
        continue;
      }
      const isSame = compareTokens(pointers.token(resource), token) === 0;
      if (isSame && pointers.manager(resource) === from) {
        pointers.setHandle(resource, handle);
        // Who probes what sends heartbeats lives, but does not hear it: that is no answer.
        if (this.#devices.state(resource) === 'down') {
          pointers.sign(resource, this.#environment.now(), this.#config.heartbeatPeriodUs);
        }
      }
      entries.push(this.#pointer(resource, token));
    }
    this.#environment.send(from, { type: 'agent-probe-answer', entries });
    this.#enrolling?.asked(from, others);
  }

  /** What the resource says to whoever offered it that token. */
  #pointer(resource: number, offered: Token): Pointer {
    const token = this.#pointers.token(resource);
    return { resource, offered, token, manager: this.#pointers.manager(resource) };
  }

  /** Whether what is offered can be. */
  #believes(from: Address, { ballot, entries }: ResourceAssigned | AgentProbe): boolean {
    if (!isRow(from) || !this.#hear(ballot)) return false;
    const host = this.#host();
    return entries.every(({ token, handle }) =>
      isRow(handle) && isCount(token.sequence) && host.horizon.admits(token.ballot, host.ballot));
  }

  /** False if there can be no such ballot. */
  #hear(ballot: Ballot | null): boolean {
    const host = this.#host();
    if (ballot === null || compareBallots(ballot, host.ballot) <= 0) return true;
    if (!host.horizon.admits(ballot, host.ballot)) return false;
    host.ballot = ballot;
    this.#environment.observe({ type: 'ballot-heard', ballot });
    return true;
  }
}
