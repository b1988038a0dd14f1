/** A small made-up system, for hand-written and random sequences of observations. */
import type { Ballot, Token } from '../../../core/identity.js';
import type { Observation } from '../../../core/observations.js';
import type { Inventory } from '../../../experiment/inventory.js';

export interface Shape {
  readonly managers: number;
  readonly agents: number;
  readonly resourcesPerAgent: number;
  readonly zones: number;
}

/** Zones are dealt in turn to managers and to agents, as in a real inventory. */
export function makeInventory(shape: Shape): Inventory {
  const { managers, agents, resourcesPerAgent } = shape;
  const resources = agents * resourcesPerAgent;
  const zones = Array.from({ length: shape.zones }, (_, zone) => `zone-${zone + 1}`);
  const zoneOf = Uint16Array.from({ length: managers + agents }, (_, address) =>
    address < managers ? address % shape.zones : (address - managers) % shape.zones);
  const agentOf = Int32Array.from({ length: resources }, (_, resource) =>
    managers + Math.floor(resource / resourcesPerAgent));
  const processName = (address: number): string =>
    address < managers ? `manager-${address + 1}` : `host-${address - managers + 1}`;
  return {
    managers,
    agents,
    zones,
    zoneOf,
    racks: zones.length,
    zoneMembers: (zone) => [...zoneOf.keys()].filter((address) => zoneOf[address] === zone),
    rackMembers: (rack) => [...zoneOf.keys()].filter((address) => zoneOf[address] === rack),
    resources,
    agentOf,
    resourcesOf: (address) =>
      [...agentOf.keys()].filter((resource) => agentOf[resource] === address),
    kinds: [{ name: 'service', metrics: [], resolutions: [] }],
    kindOf: new Uint16Array(resources),
    spare: new Uint8Array(resources),
    descriptor: (resource) => ({
      name: `web-${resource + 1}`,
      kind: 'service',
      host: processName(agentOf[resource]),
      zone: zones[zoneOf[agentOf[resource]]],
      labels: {},
    }),
    processName,
    nodeId: (address) => (address + 1).toString(16).padStart(32, '0'),
    managersByZone: zones.map((_, zone) =>
      Array.from({ length: managers }, (__, address) => address).filter(
        (address) => zoneOf[address] === zone)),
  };
}

export function ballot(counter: number, address: number): Ballot {
  return { counter, node: (address + 1).toString(16).padStart(32, '0'), incarnation: 1, address };
}

export function token(of: Ballot, sequence: number): Token {
  return { ballot: of, sequence };
}

/** What is observed at one time, about one process. */
export interface Seen {
  readonly timeUs: number;
  readonly process: number;
  readonly observation: Observation;
}

/** Writes sequences of observations tersely. */
export class Script {
  readonly seen: Seen[] = [];
  #timeUs = 0;

  at(timeUs: number): this {
    this.#timeUs = timeUs;
    return this;
  }

  see(process: number, ...observations: Observation[]): this {
    for (const observation of observations) {
      this.seen.push({ timeUs: this.#timeUs, process, observation });
    }
    return this;
  }

  up(...processes: number[]): this {
    for (const process of processes) this.see(process, { type: 'process-up', incarnation: 1 });
    return this;
  }

  down(...processes: number[]): this {
    for (const process of processes) this.see(process, { type: 'process-down' });
    return this;
  }

  state(
    agent: number,
    resource: number,
    state: 'up' | 'starting' | 'stopped' | 'down',
    incarnation: number,
  ): this {
    return this.see(agent, { type: 'resource-state', resource, state, incarnation });
  }

  acknowledge(given: Ballot, ...managers: number[]): this {
    for (const manager of managers) {
      this.see(manager, { type: 'ballot-acknowledged', ballot: given });
    }
    return this;
  }

  elect(manager: number, given: Ballot): this {
    this.see(manager, { type: 'coordinator-elected', ballot: given });
    return this.acknowledge(given, manager);
  }

  /** `manager` lists the resource and its agent obeys. */
  hold(agent: number, resource: number, manager: number, given: Token): this {
    this.see(manager, { type: 'listing-added', resource, token: given });
    return this.see(agent, { type: 'pointer-set', resource, manager, token: given });
  }

  show(
    coordinator: number,
    resource: number,
    state: 'up' | 'starting' | 'stopped' | 'down',
    incarnation: number,
  ): this {
    // By hearsay.
    const manager = -1;
    return this.see(coordinator, { type: 'model-entity', resource, state, incarnation, manager });
  }
}
