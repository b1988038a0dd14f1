/** Whom faults hit, and by whose links they go: as users write it, read, checked and written. */
import { z } from 'zod';
import { count, word } from './fields.js';
import { SettingError, suggestion, type ScenarioPath } from './error.js';
import { theOne } from './the-one.js';

/**
 * Whom a fault hits. `coordinator`: whoever coordinates at that time, by the truth;
 * `successors`: the next `count` in line for the role. A crash of a manager or agent is a crash of
 * its host; a crash of a `resource` leaves the host up.
 */
export type FaultTarget =
  | { readonly kind: 'coordinator' }
  | { readonly kind: 'successors'; readonly count: number }
  /** Who is at the phase that the fault waited for, if somebody of that sort is. */
  | { readonly kind: 'concerned'; readonly who: 'manager' | 'host' }
  /** The managers that list most resources. */
  | { readonly kind: 'fullest'; readonly count: number }
  /** All hosts in a place, by its number; drawn anew each time among those with hosts up. */
  | { readonly kind: 'zone' | 'rack'; readonly index: number }
  | { readonly kind: 'zones' | 'racks'; readonly count: number }
  /** Drawn anew each time, among those that are up; never the coordinator. */
  | { readonly kind: 'managers' | 'hosts' | 'resources'; readonly count: number }
  /** By name: `manager-7`, `host-12`, `web-3`. */
  | { readonly kind: 'named'; readonly name: string };

/** Hosts by whose links a fault goes. */
export type Party = FaultTarget;

const target = z.union([
  z.string(),
  z.strictObject({
    successors: count(1).optional().describe('The next in line for coordinator.'),
    concerned: z
      .enum(['manager', 'host'])
      .optional()
      .describe('With `when`: who is at that phase.'),
    fullest: count(1).optional().describe('The managers with most resources.'),
    managers: count(1).optional().describe('So many, drawn anew each time.'),
    hosts: count(1).optional(),
    resources: count(1).optional(),
    zone: word().optional().describe('All hosts in it, managers too.'),
    rack: z
      .string()
      .regex(/^rack-[1-9][0-9]*$/, { error: 'racks are numbered: rack-1' })
      .optional()
      .describe('All hosts in it: `rack-3`.'),
    zones: count(1).optional().describe('All hosts in so many, drawn anew each time.'),
    racks: count(1).optional(),
    each: z
      .enum(['managers', 'hosts', 'resources', 'zones', 'racks'])
      .optional()
      .describe('With `random` or `trace`: every one of them by itself.'),
  }),
]);

export type GivenTarget = z.output<typeof target>;

/** One, or a list. */
export const targets = z
  .union([target.transform((one) => [one]), z.array(target).min(1)])
  .describe('coordinator, a name such as manager-7, { managers: 2 }, or a list of these.');

const targetKeys = [
  'successors', 'concerned', 'fullest', 'managers', 'hosts', 'resources', 'zone', 'rack', 'zones',
  'racks', 'each',
] as const;

/** Where places are looked up. */
export interface Places {
  readonly zones: readonly string[];
  /** In each zone. */
  readonly racks: number;
}

/** `each` is marked by a count of 0 until it has been held against the fault's time. */
export function readTarget(given: GivenTarget, path: ScenarioPath, places: Places): FaultTarget {
  if (given === 'coordinator') return { kind: 'coordinator' };
  if (typeof given === 'string') return { kind: 'named', name: given };
  const key = theOne(given, targetKeys, path, 'a target is of one kind');
  if (key === 'each') return { kind: given.each!, count: 0 };
  if (key === 'concerned') return { kind: key, who: given.concerned! };
  if (key === 'zone' || key === 'rack') return readPlace(key, given[key]!, path, places);
  return { kind: key, count: given[key]! };
}

function readPlace(
  kind: 'zone' | 'rack', name: string, path: ScenarioPath, { zones, racks: inEach }: Places,
): FaultTarget {
  const racks = zones.length * inEach;
  const index = kind === 'zone' ? zones.indexOf(name) : Number(name.slice('rack-'.length)) - 1;
  if (kind === 'zone' && index < 0) {
    throw new SettingError(path, `there is no zone ${name}`, suggestion(name, zones));
  }
  if (kind === 'rack' && index >= racks) {
    throw new SettingError(path, `there is no ${name}`, `racks go up to rack-${racks}`);
  }
  return { kind, index };
}

/** Whether it stands for every one of its sort, each by itself. */
export function isEach(given: FaultTarget): boolean {
  return 'count' in given && given.count === 0;
}

/** As a user would write it. */
export function targetSettings(given: FaultTarget, { zones }: Pick<Places, 'zones'>): unknown {
  if (given.kind === 'coordinator') return given.kind;
  if (given.kind === 'named') return given.name;
  if (given.kind === 'concerned') return { concerned: given.who };
  if ('index' in given) {
    const { kind, index } = given;
    return kind === 'zone' ? { zone: zones[index] } : { rack: `rack-${index + 1}` };
  }
  return isEach(given) ? { each: given.kind } : { [given.kind]: given.count };
}

/**
 * Zones are named there like hosts.
 *
 * @throws SettingError for what has no links of its own
 */
export function readParties(
  given: readonly GivenTarget[], path: ScenarioPath, places: Places,
): Party[] {
  return given.map((one) => {
    const zone = typeof one === 'string' && one !== 'coordinator' ? places.zones.indexOf(one) : -1;
    if (zone >= 0) return { kind: 'zone', index: zone };
    const party = readTarget(one, path, places);
    if (party.kind === 'resources') {
      throw new SettingError(path, 'resources have no links of their own', 'name their hosts');
    }
    if (isEach(party)) {
      const remedy = `give a number such as { ${party.kind}: 2 }`;
      throw new SettingError(path, 'each goes with crash, pause and leave', remedy);
    }
    return party;
  });
}

/** @throws SettingError for a name that no host has */
export function checkParties(
  parties: readonly Party[], path: ScenarioPath, hosts: { has(name: string): boolean },
): void {
  for (const party of parties) {
    if (party.kind !== 'named' || hosts.has(party.name)) continue;
    const remedy = 'known are coordinator, zones and, numbered from 1, manager-N and host-N';
    throw new SettingError(path, `there is no zone or host ${party.name}`, remedy);
  }
}

/** As a user would write it. */
export function partySettings(party: Party, places: Pick<Places, 'zones'>): unknown {
  return party.kind === 'zone' ? places.zones[party.index] : targetSettings(party, places);
}
