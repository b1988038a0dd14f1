/**
 * Who is who in a scenario: hosts, processes and resources, by dense number. Both worlds and the
 * measurement use the same inventory, so a name means the same node everywhere.
 */
import { createHash } from 'node:crypto';
import type { NodeId } from '../core/identity.js';
import type { Descriptor, Kind } from '../core/metamodel/entity.js';
import type { Address } from '../core/process.js';
import type { SystemSettings } from './settings/system.js';

/**
 * Addresses 0 to managers - 1 are managers, the rest agents; every process has a host of its own
 * with the same number. Resource numbers run through the groups in order.
 */
export interface Inventory {
  readonly managers: number;
  readonly agents: number;
  readonly zones: readonly string[];
  /** Zone of each process (and of its host), by address. */
  readonly zoneOf: Uint16Array;
  /** How many racks there are, zone after zone; rack-1 is number 0. */
  readonly racks: number;
  /** Managers and agents in a zone, in a rack; by address. */
  zoneMembers(zone: number): readonly Address[];
  rackMembers(rack: number): readonly Address[];
  readonly resources: number;
  /** The agent's address, per resource. */
  readonly agentOf: Int32Array;
  /** The resources of an agent, ascending; empty for managers. */
  resourcesOf(address: Address): readonly number[];
  readonly kinds: readonly Kind[];
  /** Index into `kinds`, per resource. */
  readonly kindOf: Uint16Array;
  /** Whether the resource starts out stopped. */
  readonly spare: Uint8Array;
  descriptor(resource: number): Descriptor;
  processName(address: Address): string;
  /** 128 bits drawn from the name and generation (how often the host lost its store). */
  nodeId(address: Address, generation: number): NodeId;
  /** The zone's managers first: where a process of that zone should look for a manager. */
  readonly managersByZone: readonly (readonly Address[])[];
}

/** Of a scenario, what there is. */
export interface Placed {
  readonly system: SystemSettings;
}

/** Hosts are dealt to zones in turn, managers and agents each, so that every zone has both. */
export function buildInventory(scenario: Placed): Inventory {
  const { managers, zones, racks: racksPerZone } = scenario.system;
  const { firstOf, agentOf, kindOf, groupOf, rankOf, spare } = dealResources(scenario);
  const resources = agentOf.length;
  const agents = firstOf.length - 1;
  const zoneOf = new Uint16Array(managers + agents);
  const managersByZone: Address[][] = zones.map(() => []);
  for (let address = 0; address < managers + agents; address += 1) {
    const zone = (address < managers ? address : address - managers) % zones.length;
    zoneOf[address] = zone;
    if (address < managers) managersByZone[zone].push(address);
  }
  /** Within a zone hosts are dealt to its racks in turn, managers and agents each. */
  const rackOf = (address: Address): number => {
    const rank = address < managers ? address : address - managers;
    return zoneOf[address] * racksPerZone + (Math.floor(rank / zones.length) % racksPerZone);
  };
  const membersOf = (placeOf: (address: Address) => number, place: number): Address[] => {
    const members: Address[] = [];
    for (let address = 0; address < managers + agents; address += 1) {
      if (placeOf(address) === place) members.push(address);
    }
    return members;
  };
  const processName = (address: Address): string =>
    address < managers ? `manager-${address + 1}` : `host-${address - managers + 1}`;
  const kinds = scenario.system.kinds.map(({ name, metrics }) => ({
    name,
    metrics: metrics.map((metric) => metric.name),
    resolutions: metrics.map((metric) => metric.resolution),
  }));
  const names = groupNames(scenario);
  return {
    managers, agents, zones, zoneOf, resources, agentOf, kinds, kindOf, spare, processName,
    managersByZone,
    racks: zones.length * racksPerZone,
    zoneMembers: (zone) => membersOf((address) => zoneOf[address], zone),
    rackMembers: (rack) => membersOf(rackOf, rack),
    resourcesOf: (address) => {
      if (address < managers || address >= managers + agents) return [];
      const first = firstOf[address - managers];
      const next = firstOf[address - managers + 1];
      return Array.from({ length: next - first }, (_, index) => first + index);
    },
    descriptor: (id) => {
      const agent = agentOf[id];
      return {
        name: `${names[groupOf[id]]}-${rankOf[id] + 1}`,
        kind: kinds[kindOf[id]].name,
        host: processName(agent),
        zone: zones[zoneOf[agent]],
        labels: scenario.system.resources[groupOf[id]].labels,
      };
    },
    nodeId: (address, generation) =>
      createHash('sha256')
        .update(`${processName(address)}/${generation}`)
        .digest('hex')
        .slice(0, 32),
  };
}

interface Dealt extends Pick<Inventory, 'agentOf' | 'kindOf' | 'spare'> {
  /** The first resource of each agent, and one more than the last of all. */
  readonly firstOf: readonly number[];
  /** Group of each resource, and its place in it. */
  readonly groupOf: Uint16Array;
  readonly rankOf: Int32Array;
}

/** Groups in order, each on hosts of its own. */
function dealResources({ system }: Placed): Dealt {
  const resources = system.resources.reduce((sum, group) => sum + group.count, 0);
  const agentOf = new Int32Array(resources);
  const kindOf = new Uint16Array(resources);
  const groupOf = new Uint16Array(resources);
  const rankOf = new Int32Array(resources);
  const spare = new Uint8Array(resources);
  const firstOf: number[] = [];
  let resource = 0;
  for (const [index, group] of system.resources.entries()) {
    const kind = system.kinds.findIndex(({ name }) => name === group.kind);
    for (let rank = 0; rank < group.count; rank += 1, resource += 1) {
      if (rank % group.perHost === 0) firstOf.push(resource);
      agentOf[resource] = system.managers + firstOf.length - 1;
      kindOf[resource] = kind;
      groupOf[resource] = index;
      rankOf[resource] = rank;
      spare[resource] = rank >= group.count - group.spares ? 1 : 0;
    }
  }
  firstOf.push(resources);
  return { firstOf, agentOf, kindOf, groupOf, rankOf, spare };
}

/** A group is named after its label `group`, else its kind; later namesakes get a number. */
function groupNames(scenario: Placed): string[] {
  const taken = new Set<string>();
  return scenario.system.resources.map((group) => {
    const stem = group.labels['group'] ?? group.kind;
    let name = stem;
    for (let copy = 2; taken.has(name); copy += 1) name = `${stem}${copy}`;
    taken.add(name);
    return name;
  });
}
