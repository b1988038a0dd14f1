/** One manager; its coordinator (0), another manager (2) and agents (from 50) are the test's. */
import type { CoreConfig } from '../../../core/coordination/config.js';
import { createManager } from '../../../core/coordination/index.js';
import type { Token } from '../../../core/identity.js';
import type { BuiltInMessage } from '../../../core/messages.js';
import type { Pointer, ResourceHeartbeat } from '../../../core/coordination/messages.js';
import type { Address, Environment, Process } from '../../../core/process.js';
import type { RuleSet } from '../../../core/rules/index.js';
import { MemoryWorld } from '../overlay/memory-world.js';
import { peersOf } from '../overlay/node.js';
import { ballotOf, config, descriptorOf, noRules, registration, tokenOf } from './fixtures.js';

export const coordinator = 0;
export const manager = 1;
export const agent = 50;
/** The coordinator's, when a test begins. */
export const ballot = ballotOf(5, coordinator);

/** Answers heartbeats and probes, as a coordinator that keeps nothing would. */
class ScriptedCoordinator implements Process {
  readonly #environment: Environment<BuiltInMessage>;

  constructor(environment: Environment<BuiltInMessage>) {
    this.#environment = environment;
  }

  start(): void {
    // It only answers.
  }
  onTimer(): void {
    // It has no timers.
  }
  receive(from: Address, message: BuiltInMessage): void {
    if (message.type === 'coordinator-probe') {
      this.#environment.send(from, {
        type: 'coordinator-status', ballot, coordinating: true, asked: true,
      });
    } else if (message.type === 'manager-heartbeat') {
      const { sequence, part } = message;
      this.#environment.send(from, {
        type: 'manager-heartbeat-answer', sequence, ballot, incarnation: part.incarnation,
        version: part.to, heirs: null,
      });
    }
  }
}

export class ManagerBench {
  readonly world: MemoryWorld;
  #process: Process | null = null;

  constructor(rules: RuleSet = noRules, changes: Partial<CoreConfig> = {}) {
    this.world = new MemoryWorld(1);
    this.world.delayUs = [1, 1];
    this.world.host(coordinator, (environment) => new ScriptedCoordinator(environment));
    const managers = peersOf(3, 1);
    const kinds = [{ name: 'service', metrics: [], resolutions: [] }];
    this.world.host(manager, (environment) => {
      this.#process = createManager(environment, {
        config: { ...config, ...changes }, node: managers[manager].node, kinds, rules,
        seeds: managers, isManager: (address) => address < managers.length,
      });
      return this.#process;
    });
    this.world.start(coordinator, manager);
    this.world.runFor(10);
  }

  say(from: Address, message: BuiltInMessage): void {
    this.world.deliver(from, manager, message);
  }

  /** The world tells the manager to go. */
  leave(): void {
    this.world.within(manager, () => this.#process!.leave!());
  }

  assign(resource: number, token: Token, under = ballot, incarnation = 1): void {
    const { descriptor, state } = registration(resource);
    const entries = [{ resource, agent, token, descriptor, state, incarnation }];
    this.say(coordinator, { type: 'resource-assign', ballot: under, entries });
  }

  beat(resource: number, token: Token, change: Partial<ResourceHeartbeat> = {}): void {
    this.say(agent, {
      type: 'resource-heartbeat', resource, tokenBallot: token.ballot,
      tokenSequence: token.sequence, handle: 0, sequence: 1, state: 'up',
      incarnation: 1, metrics: null, ...change,
    });
  }

  point(type: 'resource-accepted' | 'agent-probe-answer', pointer: Partial<Pointer>): void {
    const offered = tokenOf(5, 1);
    const entries = [{ resource: 7, offered, token: offered, manager, ...pointer }];
    this.say(agent, { type, entries });
  }

  register(hops: number): void {
    const entries = [{ ...registration(7), descriptor: descriptorOf(7) }];
    this.say(agent, { type: 'resource-register', agent, hops, ballot: null, entries });
  }

  /** Whether the manager lists the resource, as far as is seen from outside. */
  lists(resource: number): boolean {
    const changes = [
      ...this.world.observed('listing-added'), ...this.world.observed('listing-removed'),
    ].filter((change) => change.resource === resource);
    return changes.length % 2 === 1;
  }

  /** The offers made so far, as resource@sequence. */
  offers(): string[] {
    return this.world.messages('resource-assigned').flatMap(({ message }) =>
      message.entries.map(({ resource, token }) => `${resource}@${token.sequence}`));
  }
}
