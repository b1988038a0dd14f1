/** One coordinator, called as its manager would; what it sends and observes is kept. */
import { Remembered } from '../../../core/coordination/standby/remembered.js';
import type { Copies } from '../../../core/coordination/copies.js';
import { Coordinator } from '../../../core/coordination/coordinator.js';
import { FixedTimeout } from '../../../core/detection/index.js';
import type { Ballot } from '../../../core/identity.js';
import type { BuiltInMessage, MessageType } from '../../../core/messages.js';
import type { PartDelta, PartEntry } from '../../../core/metamodel/delta.js';
import type { Registration, ResourceAssign } from '../../../core/coordination/messages.js';
import type { Observation } from '../../../core/observations.js';
import type { Address, Environment } from '../../../core/process.js';
import {
  ballotOf, config, descriptorOf, noRules, registration, tokenOf,
} from './fixtures.js';

export class CoordinatorBench {
  readonly coordinator: Coordinator;
  readonly sent: { readonly to: Address; readonly message: BuiltInMessage }[] = [];
  readonly observed: Observation[] = [];
  nowUs = 0;
  readonly #ballot: Ballot;
  #beats = 0;

  /** @param copies - what it keeps of the inventory; null: there is none */
  constructor(
    awaited: readonly Address[] = [1, 2, 3], ballot: Ballot = ballotOf(5),
    copies: Copies | null = null,
  ) {
    this.#ballot = ballot;
    const never = (): never => {
      throw new Error('not a call of a coordinator\'s');
    };
    const store = { put: never, get: never, delete: never, sync: never };
    const environment: Environment = {
      address: 0, now: () => this.nowUs,
      observe: (observation) => void this.observed.push(observation),
      send: never, setTimer: never, after: never, cancelTimer: never,
      random: { next: never }, store, exit: never,
    };
    this.coordinator = new Coordinator({
      environment, config, rules: noRules, ballot,
      detector: new FixedTimeout(config.managers.timeoutUs),
      seeds: awaited.map((address) => ({ address, node: ballotOf(1, address).node })),
      copies, remembered: new Remembered(),
      overlay: { nodeOf: (address) => ballotOf(1, address).node },
      send: (to, message) => void this.sent.push({ to, message: structuredClone(message) }),
    }, awaited);
  }

  /** With its model rebuilt from managers that list nothing. */
  static ready(...managers: Address[]): CoordinatorBench {
    const bench = new CoordinatorBench(managers);
    for (const manager of managers) bench.beat(manager);
    return bench;
  }

  /** A heartbeat of a manager: what changed from one version to the next. */
  beat(
    manager: Address, delta: Partial<PartDelta> = {}, unanswered = 0, ballot = this.#ballot,
  ): void {
    const part = { incarnation: 1, from: 0, to: 0, entries: [], ...delta };
    this.#beats += 1;
    this.coordinator.onHeartbeat(manager, {
      type: 'manager-heartbeat', sequence: this.#beats, ballot, version: part.to,
      unanswered, part,
    });
  }

  /** The entries' storage is not theirs to keep: it is spoiled afterwards. */
  register(...entries: Registration[]): void {
    const copies = entries.map((entry) => ({ ...entry }));
    this.coordinator.onRegister({
      type: 'resource-register', agent: 50, hops: 1, ballot: null, entries: copies,
    });
    for (const copy of copies) Object.assign(copy, registration(999, { state: 'stopped' }));
  }

  /** Time passes and the listed managers go on reporting; the others fall silent. */
  pass(durationUs: number, ...alive: Address[]): void {
    const endUs = this.nowUs + durationUs;
    while (this.nowUs < endUs) {
      this.nowUs += config.resources.checkPeriodUs;
      for (const manager of alive) this.coordinator.onHeartbeat(manager, this.#idle(manager));
      this.coordinator.check(this.nowUs, this.nowUs);
    }
  }

  /** Says nothing new, whatever the manager's version is. */
  #idle(manager: Address): Parameters<Coordinator['onHeartbeat']>[1] {
    const held = this.of('manager-heartbeat-answer')
      .filter(({ to }) => to === manager).at(-1)?.message;
    const version = held?.version ?? 0;
    const incarnation = Math.max(1, held?.incarnation ?? 1);
    return {
      type: 'manager-heartbeat', sequence: 0, ballot: this.#ballot, version,
      unanswered: 0,
      part: { incarnation, from: version, to: version, entries: [] },
    };
  }

  of<T extends MessageType>(
    type: T,
  ): { readonly to: Address; readonly message: Extract<BuiltInMessage, { type: T }> }[] {
    const found = this.sent.filter(({ message }) => message.type === type);
    return found as { to: Address; message: Extract<BuiltInMessage, { type: T }> }[];
  }

  /** Orders so far, as resource@counter.sequence>manager. */
  orders(): string[] {
    return this.of('resource-assign').flatMap(({ to, message }) =>
      message.entries.map(({ resource, token }) =>
        `${resource}@${token.ballot.counter}.${token.sequence}>${to}`));
  }

  /** The last order for a resource, as the manager that got it would report it. */
  listing(resource: number): PartEntry {
    const entries = this.of('resource-assign').flatMap(({ message }) => message.entries);
    return asListed(entries.filter((entry) => entry.resource === resource).at(-1)!);
  }

  holder(resource: number): Address {
    return this.of('resource-assign').filter(({ message }) =>
      message.entries.some((entry) => entry.resource === resource)).at(-1)!.to;
  }

  marks(): string[] {
    return this.observed.flatMap((seen) => seen.type === 'mark' ? [seen.name] : []);
  }
}

function asListed(order: ResourceAssign['entries'][number]): PartEntry {
  return { ...order, removed: false, metrics: null };
}

export function listed(resource: number, counter: number, sequence: number): PartEntry {
  return {
    resource, token: tokenOf(counter, sequence), removed: false, agent: 50,
    descriptor: descriptorOf(resource), state: 'up', incarnation: 1, metrics: null,
  };
}
