/**
 * A manager's side of moves: resources that it is to pass on. It does so when a resource has just
 * shown that it lives, so that the next holder's watch begins where its own ends; and it lists and
 * serves the resource until the agent obeys the next holder, however often that has to be tried.
 */
import type { CoreConfig } from './config.js';
import { compareTokens, type Ballot, type Token } from '../identity.js';
import { mark } from '../marks.js';
import { entrusted } from './standby/entrusted.js';
import type { RuleMemory } from '../rules/index.js';
import type { CoordinationMessage, ResourceHandOver } from './messages.js';
import { isSilent } from '../metamodel/entity.js';
import type { Part } from '../metamodel/part.js';
import type { Address, Environment } from '../process.js';

/** What is to be passed on, to whom and under which token. */
interface Errand {
  readonly resource: number;
  readonly token: Token;
  readonly to: Address;
  readonly ballot: Ballot;
  readonly orderedUs: number;
  /** When the next holder was first told; null: not yet. */
  toldUs: number | null;
  /** When the agent was last asked whom it obeys. */
  askedUs: number;
}

export interface HandingOverOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly part: Part;
  readonly config: CoreConfig;
  ballot(): Ballot | null;
  /** This manager leaves: what does not live has to go as well. */
  isLeaving(): boolean;
  /** Nothing more can be done for the row. */
  drop(row: number): void;
  /** What its rules keep in mind of the resource. */
  memories(resource: number): readonly RuleMemory[];
}

export class HandingOver {
  readonly #options: HandingOverOptions;
  readonly #errands = new Map<number, Errand>();

  constructor(options: HandingOverOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#errands.size === 0;
  }

  /** From the coordinator; may be repeated. */
  order({ ballot, entries }: ResourceHandOver): void {
    const { part, environment } = this.#options;
    for (const { resource, token, to } of entries) {
      const row = part.rowOf(resource);
      if (row < 0 || compareTokens(token, part.tokenOf(row)) <= 0) continue;
      const known = this.#errands.get(resource);
      if (known !== undefined && compareTokens(token, known.token) <= 0) continue;
      const now = environment.now();
      this.#errands.set(resource, {
        resource, token, to, ballot, orderedUs: now, toldUs: null, askedUs: now,
      });
      this.#letGoOfTheSilent(row);
    }
  }

  /** A sign of life, just now. */
  heard(row: number): void {
    const errand = this.#errands.get(this.#options.part.resourceOf(row));
    if (errand !== undefined) this.#tell(errand, row);
  }

  /** The row is taken for down. */
  suspected(row: number): void {
    if (!this.isIdle) this.#letGoOfTheSilent(row);
  }

  /** The agent says that it still obeys this manager. */
  stays(row: number): void {
    const errand = this.#errands.get(this.#options.part.resourceOf(row));
    if (errand !== undefined && errand.toldUs !== null) this.#tell(errand, row);
  }

  /** It is listed no more, or under a new token. */
  forget(resource: number): void {
    this.#errands.delete(resource);
  }

  /** Whether the agent may be going over this very moment, though the order is to let go. */
  isGoing(resource: number): boolean {
    const toldUs = this.#errands.get(resource)?.toldUs ?? null;
    if (toldUs === null) return false;
    return this.#options.environment.now() - toldUs < this.#patienceUs;
  }

  /** The periodic look: asks agents that should have gone over long ago; gives up in time. */
  check(nowUs: number): void {
    const { part, config } = this.#options;
    const { timeoutUs } = config.resources;
    const limitUs = timeoutUs + 2 * config.managers.heartbeatPeriodUs;
    for (const errand of this.#errands.values()) {
      const row = part.rowOf(errand.resource);
      if (!this.#options.isLeaving() && nowUs - errand.orderedUs > limitUs) {
        this.#errands.delete(errand.resource);
      } else if (errand.toldUs !== null && nowUs - errand.askedUs >= this.#patienceUs) {
        errand.askedUs = nowUs;
        this.#press(errand, row, nowUs);
      }
    }
  }

  get #patienceUs(): number {
    return this.#options.config.managers.heartbeatPeriodUs;
  }

  #press(errand: Errand, row: number, nowUs: number): void {
    const { environment, part, config } = this.#options;
    const silent = isSilent(part.stateOf(row));
    const longUs = Math.max(this.#patienceUs, config.resources.heartbeatPeriodUs);
    if (silent && this.#options.isLeaving() && nowUs - errand.toldUs! >= longUs) {
      // Its host is dead, as it seems: there is nobody who could obey.
      this.#options.drop(row);
      return;
    }
    if (silent) this.#tell(errand, row);
    mark(environment, 'agent asked why it has not gone over');
    const entry = { resource: errand.resource, token: part.tokenOf(row), handle: row };
    environment.send(part.agentOf(row), {
      type: 'agent-probe', entries: [entry], ballot: this.#options.ballot(),
    });
  }

  /** What is down sends nothing: it is passed on as it is, though only by who has to. */
  #letGoOfTheSilent(row: number): void {
    const { part } = this.#options;
    if (!this.#options.isLeaving() || !isSilent(part.stateOf(row))) return;
    const errand = this.#errands.get(part.resourceOf(row));
    if (errand !== undefined) this.#tell(errand, row);
  }

  #tell(errand: Errand, row: number): void {
    const { environment, part } = this.#options;
    const { resource, token, to, ballot } = errand;
    errand.toldUs ??= environment.now();
    environment.send(to, entrusted(ballot, [{
      resource, token, agent: part.agentOf(row), descriptor: part.descriptorOf(row),
      state: part.stateOf(row), incarnation: part.incarnationOf(row),
    }], this.#options.memories(resource)));
  }
}
