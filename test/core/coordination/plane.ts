/** Managers and agents together on one small plane, and what is wrong with it. */
import type { CoreConfig } from '../../../core/coordination/config.js';
import { createAgent, createManager } from '../../../core/coordination/index.js';
import { compareTokens, type Token } from '../../../core/identity.js';
import type { Address, Resources } from '../../../core/process.js';
import type { RuleSet } from '../../../core/rules/index.js';
import { MemoryWorld, secondUs } from '../overlay/memory-world.js';
import { peersOf } from '../overlay/node.js';
import { config, descriptorOf, noRules } from './fixtures.js';

const managerCount = 5;
export const agents = [10, 11, 12, 13];
const resourceCount = 3 * agents.length;
export const kinds = [{ name: 'service', metrics: [], resolutions: [] }];
/** Registration, failure detection on both sides, election, rebuild: all of it with time over. */
export const settleUs = 30 * secondUs;

export class Plane {
  readonly world: MemoryWorld;
  readonly managers: readonly Address[];

  /** @param retired - of the first agent's: its host was set up without them */
  constructor(
    seed: number, overlay: 'full-mesh' | 'pastry' = 'full-mesh',
    { rules = noRules, ...settings }: Partial<CoreConfig> & { readonly rules?: RuleSet } = {},
    retired: readonly number[] = [],
  ) {
    const own = { ...config, ...settings };
    this.world = new MemoryWorld(seed);
    const managers = peersOf(managerCount, seed);
    this.managers = managers.map(({ address }) => address);
    for (const { address, node } of managers) {
      this.world.host(address, (environment) => createManager(environment, {
        config: { ...own, overlay: { ...own.overlay, name: overlay } },
        node, seeds: managers, isManager: (one) => one < managerCount, kinds, rules,
      }));
    }
    for (const [index, address] of agents.entries()) {
      const resources: Resources = {
        ids: [...[0, 1, 2].map((number) => 3 * index + number), ...index === 0 ? retired : []],
        devices: {
          isRetired: (resource) => retired.includes(resource),
          state: () => 'up', incarnation: () => 1, metrics: () => null, actuate: () => undefined,
        },
      };
      const seeds = { near: this.managers.slice(0, 2), all: this.managers };
      this.world.host(address, (environment) =>
        createAgent(environment, resources, { config: own, seeds, descriptor: descriptorOf }));
    }
    this.world.start(...this.managers, ...agents);
  }

  /** The ballots acknowledged by live managers, by process. */
  ballots(): Map<Address, string> {
    const ballots = new Map<Address, string>();
    for (const { process, ballot } of this.world.observed('ballot-acknowledged')) {
      const name = ballot === null ? 'none' : `${ballot.counter}@${ballot.address}`;
      if (this.world.isUp(process)) ballots.set(process, name);
    }
    return ballots;
  }

  coordinators(among: readonly Address[] = this.managers): Address[] {
    const ballots = this.ballots();
    return among.filter((address) => ballots.get(address)?.endsWith(`@${address}`));
  }

  /** What is wrong in the end; empty: every resource has its one manager, and all one ballot. */
  wrong(): string[] {
    const wrong: string[] = [];
    if (new Set(this.ballots().values()).size !== 1) wrong.push('several ballots');
    const [listings, pointers] = [this.#listings(), this.#pointers()];
    for (let resource = 0; resource < resourceCount; resource += 1) {
      const holders = listings.get(resource) ?? new Map<Address, Token>();
      const pointer = pointers.get(resource) ?? null;
      if (pointer === null) wrong.push(`${resource} points to none`);
      else if (compareTokens(holders.get(pointer.manager) ?? null, pointer.token) !== 0) {
        wrong.push(`${resource} is not listed where it points to`);
      }
      if (holders.size > 1) wrong.push(`${resource} is listed ${holders.size} times`);
    }
    return wrong;
  }

  #listings(): Map<number, Map<Address, Token>> {
    const listings = new Map<number, Map<Address, Token>>();
    const of = (resource: number): Map<Address, Token> => {
      const held = listings.get(resource) ?? new Map<Address, Token>();
      listings.set(resource, held);
      return held;
    };
    const events = [
      ...this.world.observed('listing-added'), ...this.world.observed('listing-removed'),
      ...this.world.observed('process-down'),
    ].sort((a, b) => a.timeUs - b.timeUs);
    for (const event of events) {
      if (event.type === 'listing-added') of(event.resource).set(event.process, event.token);
      else if (event.type === 'listing-removed') of(event.resource).delete(event.process);
      else for (const held of listings.values()) held.delete(event.process);
    }
    return listings;
  }

  #pointers(): Map<number, { manager: Address; token: Token } | null> {
    const pointers = new Map<number, { manager: Address; token: Token } | null>();
    const events = [
      ...this.world.observed('pointer-set'), ...this.world.observed('pointer-lost'),
      ...this.world.observed('process-down'),
    ].sort((a, b) => a.timeUs - b.timeUs);
    for (const event of events) {
      if (event.type === 'pointer-set') pointers.set(event.resource, event);
      else if (event.type === 'pointer-lost') pointers.set(event.resource, null);
      else {
        const first = 3 * agents.indexOf(event.process);
        for (let resource = first; first >= 0 && resource < first + 3; resource += 1) {
          pointers.set(resource, null);
        }
      }
    }
    return pointers;
  }
}
