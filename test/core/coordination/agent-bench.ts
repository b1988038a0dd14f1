/** One agent, with the test in the place of managers and of the resources' actuators. */
import type { CoreConfig } from '../../../core/coordination/config.js';
import { createAgent } from '../../../core/coordination/index.js';
import type { Token } from '../../../core/identity.js';
import { endOf, type ActionRequest } from '../../../core/rules/messages.js';
import type { BuiltInMessage } from '../../../core/messages.js';
import type { ResourceState } from '../../../core/metamodel/entity.js';
import type { Address, AgentProcess, Devices, Verb } from '../../../core/process.js';
import { MemoryWorld } from '../overlay/memory-world.js';
import { config, descriptorOf, tokenOf } from './fixtures.js';

export const agentAddress = 9;

export class AgentBench implements Devices {
  readonly world: MemoryWorld;
  readonly ids = [5, 6];
  readonly states: ResourceState[] = [];
  readonly incarnations: number[] = [];
  readonly actuations: { resource: number; verb: Verb; actuation: number; on: number }[] = [];
  #agent!: AgentProcess;

  constructor(
    seed = 1, resources: CoreConfig['resources'] = config.resources,
    actions: CoreConfig['actions'] = config.actions, inventory = false,
  ) {
    this.world = new MemoryWorld(seed);
    for (const resource of this.ids) {
      this.states[resource] = 'up';
      this.incarnations[resource] = 1;
    }
    this.world.host(agentAddress, (environment) => {
      this.#agent = createAgent(environment, { ids: this.ids, devices: this }, {
        config: { ...config, resources, actions, inventory },
        seeds: { near: [1, 2], all: [1, 2, 3, 4] }, descriptor: descriptorOf,
      });
      return this.#agent;
    });
    this.world.start(agentAddress);
  }

  commission(...resources: readonly number[]): void {
    this.world.within(agentAddress, () => this.#agent.commission!(resources));
  }

  state(resource: number): ResourceState {
    return this.states[resource];
  }
  incarnation(resource: number): number {
    return this.incarnations[resource];
  }
  metrics(): null {
    return null;
  }
  actuate(resource: number, verb: Verb, actuation: number): void {
    this.actuations.push({ resource, verb, actuation, on: this.incarnations[resource] });
    if (verb !== 'stop') this.incarnations[resource] += 1;
  }

  /** The actuation that began last ends. */
  finish(succeeded = true): void {
    const { resource, verb, actuation } = this.actuations.at(-1)!;
    if (succeeded) this.states[resource] = verb === 'stop' ? 'stopped' : 'up';
    this.world.within(agentAddress, () => this.#agent.onActuated(resource, actuation, succeeded));
  }

  say(from: Address, message: BuiltInMessage): void {
    this.world.deliver(from, agentAddress, message);
  }

  assign(from: Address, token: Token, ...resources: number[]): void {
    const entries = resources.map((resource) => ({ resource, token, handle: 0 }));
    this.say(from, { type: 'resource-assigned', ballot: token.ballot, entries, alternates: [] });
  }

  /** Asks for `action`; a restart in the present incarnation under the resource's token. */
  act(from: Address, action: number, change: Partial<ActionRequest> = {}): void {
    this.say(from, {
      type: 'action-request', action, resource: 5, verb: 'restart',
      incarnation: this.incarnations[5], authority: tokenOf(1, 1), ...change,
    });
  }

  outcomes(): string[] {
    return this.world.messages('action-outcome')
      .map(({ to, message }) => `${message.action} ${endOf(message).outcome} to ${to}`);
  }

  /** From now on manager `from` answers every heartbeat at once. */
  answerUntil(from: Address, endUs: number): void {
    this.world.at(endUs, () => (this.world.loses = () => false));
    this.world.loses = ({ to, message }) => {
      if (to === from && message.type === 'resource-heartbeat') this.answer(from, message);
      return false;
    };
  }

  answer(from: Address, { resource, sequence }: { resource: number; sequence: number }): void {
    this.world.at(this.world.nowUs, () => this.say(from, {
      type: 'resource-heartbeat-answer', resource, sequence, ballot: null, alternate: 4,
    }));
  }
}
