/**
 * A coordinator and managers without agents: parts change, deltas travel, and whatever the
 * coordinator makes of them can be compared with the parts.
 */
import { Remembered } from '../../../core/coordination/standby/remembered.js';
import { Coordinator } from '../../../core/coordination/coordinator.js';
import { FixedTimeout } from '../../../core/detection/index.js';
import { compareBallots, compareTokens, type Ballot } from '../../../core/identity.js';
import type { BuiltInMessage } from '../../../core/messages.js';
import type { ResourceState } from '../../../core/metamodel/entity.js';
import { Part } from '../../../core/metamodel/part.js';
import type { Address, Environment, Process } from '../../../core/process.js';
import { ballotOf, config, noRules, registration } from '../coordination/fixtures.js';
import { MemoryWorld } from '../overlay/memory-world.js';

const { heartbeatPeriodUs } = config.managers;

/** The reporting half of a manager: lists what it is told, reports what changed. */
class Reporter implements Process {
  readonly part: Part;
  readonly #environment: Environment<BuiltInMessage>;
  #ballot: Ballot | null = null;
  #acknowledged = 0;
  #sequence = 0;

  constructor(environment: Environment<BuiltInMessage>) {
    this.#environment = environment;
    const life = ((environment.store.get('life') as number | undefined) ?? 0) + 1;
    environment.store.put('life', life);
    environment.store.sync();
    this.part = new Part(life);
  }

  start(): void {
    this.onTimer();
  }

  onTimer(): void {
    this.#environment.setTimer(heartbeatPeriodUs, 0, 0);
    this.#beat();
  }

  receive(_from: Address, message: BuiltInMessage): void {
    if ('ballot' in message && compareBallots(message.ballot, this.#ballot) > 0) {
      this.#ballot = message.ballot;
      this.#acknowledged = 0;
    }
    if (message.type === 'manager-heartbeat-answer') {
      if (compareBallots(message.ballot, this.#ballot) < 0) return;
      if (message.incarnation !== this.part.incarnation) return;
      if (message.version < this.#acknowledged && message.sequence !== this.#sequence) return;
      this.#acknowledged = message.version;
      this.part.acknowledged(message.version);
    } else if (message.type === 'resource-assign') {
      for (const entry of message.entries) {
        const row = this.part.rowOf(entry.resource);
        if (row < 0) this.part.add({ ...entry, metrics: null });
        else if (compareTokens(entry.token, this.part.tokenOf(row)) > 0) {
          this.part.retoken(row, entry.token, entry.agent);
        }
      }
    } else if (message.type === 'resource-release') {
      for (const { resource, token } of message.entries) {
        const row = this.part.rowOf(resource);
        if (row >= 0 && compareTokens(this.part.tokenOf(row), token) < 0) this.part.remove(row);
      }
    }
  }

  #beat(): void {
    this.#sequence += 1;
    const ballot = this.#ballot ?? ballotOf(1);
    const { version } = this.part;
    const deltas = this.part.since(this.#acknowledged, config.entriesPerMessage);
    for (const [index, part] of deltas.entries()) {
      this.#environment.send(0, index === 0
        ? {
          type: 'manager-heartbeat', sequence: this.#sequence, ballot, version, unanswered: 0, part,
        }
        : { type: 'model-snapshot', ballot, part });
    }
  }
}

/** The coordinating half; every life has a greater ballot. */
class Coordinating implements Process {
  readonly coordinator: Coordinator;
  readonly #environment: Environment;

  constructor(environment: Environment, ballot: Ballot, managers: readonly Address[]) {
    this.#environment = environment;
    this.coordinator = new Coordinator({
      environment, config, rules: noRules, ballot,
      detector: new FixedTimeout(config.managers.timeoutUs),
      seeds: managers.map((address) => ({ address, node: ballotOf(1, address).node })),
      remembered: new Remembered(), overlay: { nodeOf: (address) => ballotOf(1, address).node },
      send: (to, message) => environment.send(to, message),
    }, managers);
  }

  start(): void {
    this.#environment.setTimer(config.resources.checkPeriodUs, 0, 0);
    this.#environment.setTimer(config.rebuildUs, 1, 0);
  }

  onTimer(kind: number): void {
    if (kind === 1) {
      this.coordinator.finishRebuild();
      return;
    }
    this.#environment.setTimer(config.resources.checkPeriodUs, 0, 0);
    const now = this.#environment.now();
    this.coordinator.check(now, now);
  }

  receive(from: Address, message: BuiltInMessage): void {
    if (message.type === 'manager-heartbeat') this.coordinator.onHeartbeat(from, message);
    else if (message.type === 'model-snapshot') this.coordinator.onSnapshot(from, message);
    else if (message.type === 'resource-register') this.coordinator.onRegister(message);
  }
}

export class ModelNet {
  readonly world: MemoryWorld;
  readonly resources: readonly number[];
  readonly #managers: readonly Address[];
  readonly #reporters: Reporter[] = [];
  #coordinating!: Coordinating;
  #counter = 0;

  constructor(seed: number, managers: number, resources: number) {
    this.world = new MemoryWorld(seed);
    this.#managers = Array.from({ length: managers }, (_, index) => index + 1);
    this.resources = Array.from({ length: resources }, (_, resource) => resource);
    this.world.host(0, (environment) => {
      const ballot = ballotOf((this.#counter += 1));
      this.#coordinating = new Coordinating(environment, ballot, this.#managers);
      return this.#coordinating;
    });
    for (const address of this.#managers) {
      this.world.host(address, (environment) => {
        this.#reporters[address] = new Reporter(environment);
        return this.#reporters[address];
      });
    }
    this.world.start(0, ...this.#managers);
  }

  part(manager: Address): Part {
    return this.#reporters[manager].part;
  }

  /** Every manager that lists it notices the resource's new state. */
  sense(resource: number, state: ResourceState, incarnation: number): void {
    for (const manager of this.#managers) {
      const part = this.part(manager);
      const row = part.rowOf(resource);
      if (row >= 0 && incarnation >= part.incarnationOf(row)) part.sense(row, state, incarnation);
    }
  }

  /** As their agents would, what no live manager lists registers. */
  registerUnlisted(): void {
    const entries = this.resources
      .filter((resource) => !this.#managers.some((manager) => this.#lists(manager, resource)))
      .map((resource) => registration(resource, { state: 'starting', incarnation: 0 }));
    this.world.deliver(1, 0, {
      type: 'resource-register', agent: 9, hops: 0, ballot: null, entries,
    });
  }

  #lists(manager: Address, resource: number): boolean {
    return this.world.isUp(manager) && this.part(manager).rowOf(resource) >= 0;
  }

  /** What all live parts together say, in lines that can be compared. */
  listed(): string[] {
    const live = this.#managers.filter((manager) => this.world.isUp(manager));
    const lines = live.flatMap((manager) => {
      const part = this.part(manager);
      const rows = Array.from({ length: part.rows }, (_, row) => row);
      return rows.filter((row) => part.resourceOf(row) >= 0).map((row) => {
        const known = `${part.stateOf(row)} ${part.incarnationOf(row)}`;
        return `${part.resourceOf(row)}: ${manager} ${known} ${part.tokenOf(row).sequence}`;
      });
    });
    return lines.sort();
  }

  /** What the coordinator's model and ledger say, as a hand-over tells it. */
  modelled(): string[] {
    const before = this.world.sent.length;
    this.world.within(0, () => this.#coordinating.coordinator.resign(ballotOf(99, 99)));
    const lines = this.world.sent.splice(before).flatMap(({ message }) =>
      message.type !== 'model-handover' ? [] : message.entries.map((entry) =>
        `${entry.resource}: ${entry.manager} ${entry.state} ${entry.incarnation} ` +
        `${entry.token.sequence}`));
    return lines.sort();
  }
}
