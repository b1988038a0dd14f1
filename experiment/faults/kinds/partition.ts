/** Some hosts do not reach others: along the borders of zones, or otherwise. */
import { z } from 'zod';
import { cutOf } from '../../cut.js';
import { SettingError, suggestion, type ScenarioPath } from '../../language/error.js';
import { word } from '../../language/fields.js';
import {
  partySettings, readParties, targets, type GivenTarget, type Party, type Places,
} from '../../language/targets.js';
import { partiesInWords, type LinkAim, type LinkContext } from '../link-aims.js';
import type { Terrain } from '../terrain.js';
import type { Among, LinkFault, Reader } from './kind.js';

export type Partition =
  /** Zones (by index) fall apart into these groups. */
  | { readonly kind: 'partition'; readonly groups: readonly (readonly number[])[] }
  | { readonly kind: 'partition'; readonly cut: CutShape };

/** Who no longer reaches whom, host by host. */
export type CutShape =
  /** Half of the managers and half of the other hosts, drawn anew each time, and the rest. */
  | { readonly kind: 'halves' }
  /** Each of them and all others. */
  | { readonly kind: 'isolate'; readonly whom: readonly Party[] }
  /** Messages of these to those; null: to all others. The other way they get through. */
  | {
      readonly kind: 'oneWay';
      readonly from: readonly Party[];
      readonly to: readonly Party[] | null;
    }
  /** None of these and none of those reach each other; all others reach all. */
  | {
      readonly kind: 'between';
      readonly these: readonly Party[];
      readonly those: readonly Party[];
    }
  /** Sides (of zones; null: halves) that do not reach each other, and hosts that reach all. */
  | {
      readonly kind: 'bridge';
      readonly over: readonly Party[];
      readonly sides: readonly (readonly number[])[] | null;
    };

const groupsField = z.array(z.array(word()).min(1)).min(2);
const cutField = z.strictObject({
  isolate: targets.optional().describe('Each of them is alone.'),
  oneWay: z
    .strictObject({
      from: targets.describe('What these send ...'),
      to: targets.optional().describe('... does not reach those. Default: all others.'),
    })
    .optional()
    .describe('Messages pass one way only.'),
  between: z
    .strictObject({ these: targets, those: targets })
    .optional()
    .describe('These and those do not reach each other; all others reach both.'),
  bridge: targets
    .optional()
    .describe('They reach both sides, which do not reach each other.'),
  sides: groupsField.optional().describe('With bridge: groups of zones. Default: halves.'),
});
const settings = z.union([groupsField, z.literal('halves'), cutField]);
type Given = z.output<typeof settings>;

export const partition: LinkFault<Partition, Given> & { readonly name: 'partition' } = {
  name: 'partition',
  settings,
  meaning: 'Zones in different groups do not reach each other; or what keeps whom apart.',
  heeds: ['flapping'],
  read(given, reader) {
    if (!Array.isArray(given)) return { kind: 'partition', cut: readCut(given, reader) };
    return { kind: 'partition', groups: readGroups(given, reader.path, reader.system.zones) };
  },
  settingsOf(action, places) {
    if ('cut' in action) return { partition: cutSettings(action.cut, places) };
    const { zones } = places;
    return { partition: action.groups.map((group) => group.map((zone) => zones[zone])) };
  },
  needs: ['links'],
  hits: 'links',
  cuts: true,
  parties: (action) => 'cut' in action ? partiesOf(action.cut) : [],
  aim(action, context) {
    if ('cut' in action) return aimCut(action.cut, context);
    const { groups } = action;
    return { effect: { kind: 'groups', groups }, target: groupsInWords(groups, context.terrain) };
  },
  words: {
    began: (target) => `the network fell apart (${target})`,
    ended: () => 'the network grew together again',
  },
  unpromised(action) {
    if (!('cut' in action)) return null;
    switch (action.cut.kind) {
      case 'oneWay': return 'messages pass one way only';
      case 'bridge':
      case 'between': return 'some reach each other by others only';
      default: return null;
    }
  },
};

const shapes = ['isolate', 'oneWay', 'between', 'bridge'] as const;

/** @throws SettingError */
function readCut(given: Exclude<Given, string[][]>, { path, system }: Reader): CutShape {
  if (given === 'halves') return { kind: 'halves' };
  const named = shapes.filter((shape) => given[shape] !== undefined);
  if (named.length !== 1) {
    const where = named.length === 0 ? path : [...path, named[1]];
    const remedy = `give groups of zones, halves, or exactly one of ${shapes.join(', ')}`;
    throw new SettingError(where, 'a partition has one shape', remedy);
  }
  const { isolate, oneWay, between, bridge, sides } = given;
  if (sides !== undefined && bridge === undefined) {
    throw new SettingError([...path, 'sides'], 'sides go with bridge', 'remove them');
  }
  const parties = (some: readonly GivenTarget[], ...keys: string[]): Party[] =>
    readParties(some, [...path, ...keys], system);
  if (isolate) return { kind: 'isolate', whom: parties(isolate, 'isolate') };
  if (bridge) {
    return {
      kind: 'bridge',
      over: parties(bridge, 'bridge'),
      sides: sides === undefined ? null : readGroups(sides, [...path, 'sides'], system.zones),
    };
  }
  if (between) {
    const side = (key: 'these' | 'those'): Party[] => parties(between[key], 'between', key);
    return { kind: 'between', these: side('these'), those: side('those') };
  }
  const { from, to } = oneWay!;
  return {
    kind: 'oneWay',
    from: parties(from, 'oneWay', 'from'),
    to: to === undefined ? null : parties(to, 'oneWay', 'to'),
  };
}

function partiesOf(cut: CutShape): Among[] {
  const at = (parties: readonly Party[], ...path: string[]): Among => ({
    parties, path: ['partition', ...path],
  });
  switch (cut.kind) {
    case 'halves':
      return [];
    case 'isolate':
      return [at(cut.whom, 'isolate')];
    case 'bridge':
      return [at(cut.over, 'bridge')];
    case 'between':
      return [at(cut.these, 'between', 'these'), at(cut.those, 'between', 'those')];
    case 'oneWay':
      return [at(cut.from, 'oneWay', 'from'), at(cut.to ?? [], 'oneWay', 'to')];
  }
}

/** As a user would write it. */
function cutSettings(cut: CutShape, places: Pick<Places, 'zones'>): unknown {
  const parties = (these: readonly Party[]): unknown[] =>
    these.map((party) => partySettings(party, places));
  switch (cut.kind) {
    case 'halves':
      return cut.kind;
    case 'isolate':
      return { isolate: parties(cut.whom) };
    case 'between':
      return { between: { these: parties(cut.these), those: parties(cut.those) } };
    case 'oneWay':
      return {
        oneWay: { from: parties(cut.from), ...(cut.to && { to: parties(cut.to) }) },
      };
    case 'bridge': {
      const sides = cut.sides?.map((group) => group.map((zone) => places.zones[zone]));
      return { bridge: parties(cut.over), ...(sides && { sides }) };
    }
  }
}

function readGroups(
  groups: readonly (readonly string[])[],
  path: ScenarioPath,
  zones: readonly string[],
): number[][] {
  const seen = new Set<string>();
  const resolved = groups.map((group, index) =>
    group.map((zone, rank) => {
      const where = [...path, index, rank];
      const number = zones.indexOf(zone);
      if (number < 0) {
        throw new SettingError(where, `there is no zone ${zone}`, suggestion(zone, zones));
      }
      if (seen.has(zone)) {
        throw new SettingError(where, `${zone} is in two groups`, 'name each zone once');
      }
      seen.add(zone);
      return number;
    }),
  );
  const left = zones.filter((zone) => !seen.has(zone));
  if (left.length > 0) {
    throw new SettingError(path, `${left.join(', ')} is in no group`, 'name each zone once');
  }
  return resolved;
}

function aimCut(shape: CutShape, context: LinkContext): LinkAim | null {
  switch (shape.kind) {
    case 'halves':
      return halves(context);
    case 'isolate':
      return isolate(shape.whom, context);
    case 'oneWay':
      return oneWay(shape, context);
    case 'between':
      return between(shape, context);
    case 'bridge':
      return bridge(shape, context);
  }
}

/** Managers and hosts are dealt at random, so that each half has half of both. */
function deal({ terrain, next }: LinkContext): Uint16Array {
  const { managers, agents } = terrain;
  const sideOf = new Uint16Array(managers + agents);
  for (const [first, count] of [[0, managers], [managers, agents]] as const) {
    const order = Array.from({ length: count }, (_, index) => first + index);
    for (let left = count; left > 0; left -= 1) {
      const chosen = Math.floor(next() * left);
      const address = order[chosen];
      order[chosen] = order[left - 1];
      sideOf[address] = left % 2;
    }
  }
  return sideOf;
}

function halves(context: LinkContext): LinkAim {
  const sideOf = deal(context);
  const cut = cutOf(sideOf, 2, (a, b) => a === b);
  const side = sidesInWords(sideOf, context.terrain);
  return { effect: { kind: 'cut', cut }, target: side };
}

/** Each of them by itself. */
function isolate(whom: readonly Party[], context: LinkContext): LinkAim | null {
  const alone = context.resolve(whom);
  if (alone.size === 0) return null;
  const { terrain } = context;
  const classOf = new Uint16Array(terrain.managers + terrain.agents);
  for (const address of alone) classOf[address] = 1;
  const cut = cutOf(classOf, 2, (a, b) => a === 0 && b === 0);
  const target = `${partiesInWords(whom, alone, terrain)} | all others`;
  return { effect: { kind: 'cut', cut }, target };
}

const FROM = 1;
const TO = 2;

function oneWay(
  { from, to }: Extract<CutShape, { kind: 'oneWay' }>,
  context: LinkContext,
): LinkAim | null {
  const { terrain } = context;
  const senders = context.resolve(from);
  const receivers = to === null ? null : context.resolve(to);
  if (senders.size === 0 || receivers?.size === 0) return null;
  // A host may be on both sides: classes 0 to 3, as the bits FROM and TO say.
  const classOf = new Uint16Array(terrain.managers + terrain.agents);
  for (const address of senders) classOf[address] |= FROM;
  for (let address = 0; address < classOf.length; address += 1) {
    const hears = receivers === null ? !senders.has(address) : !receivers.has(address);
    if (receivers === null ? hears : !hears) classOf[address] |= TO;
  }
  const cut = cutOf(classOf, 4, (a, b) => (a & FROM) === 0 || (b & TO) === 0);
  const other = to === null ? 'all others' : partiesInWords(to, receivers!, terrain);
  const target = `${partiesInWords(from, senders, terrain)} -/-> ${other}`;
  return { effect: { kind: 'cut', cut }, target };
}

function between(
  { these, those }: Extract<CutShape, { kind: 'between' }>,
  context: LinkContext,
): LinkAim | null {
  const { terrain } = context;
  const sides = [context.resolve(these), context.resolve(those)];
  if (sides.some(({ size }) => size === 0)) return null;
  // A host on both sides, as with the bits of one-way cuts, reaches neither.
  const classOf = new Uint16Array(terrain.managers + terrain.agents);
  for (const [side, hosts] of sides.entries()) {
    for (const address of hosts) classOf[address] |= 1 << side;
  }
  const cut = cutOf(classOf, 4, (a, b) =>
    ((a & 1) === 0 || (b & 2) === 0) && ((a & 2) === 0 || (b & 1) === 0));
  const names = [these, those].map((some, side) =>
    partiesInWords(some, sides[side], terrain));
  return { effect: { kind: 'cut', cut }, target: names.join(' -/- ') };
}

function bridge(
  { over, sides }: Extract<CutShape, { kind: 'bridge' }>,
  context: LinkContext,
): LinkAim | null {
  const { terrain } = context;
  const between = context.resolve(over);
  if (between.size === 0) return null;
  const sideOf = sides === null ? deal(context) : new Uint16Array(terrain.zoneOf.length);
  const last = sides === null ? 2 : sides.length;
  if (sides !== null) {
    for (let address = 0; address < sideOf.length; address += 1) {
      sideOf[address] = sides.findIndex((zones) => zones.includes(terrain.zoneOf[address]));
    }
  }
  for (const address of between) sideOf[address] = last;
  const cut = cutOf(sideOf, last + 1, (a, b) => a === b || a === last || b === last);
  const whom = partiesInWords(over, between, terrain);
  const apart = sides === null ? 'two halves' : groupsInWords(sides, terrain);
  return { effect: { kind: 'cut', cut }, target: `${apart}, bridged by ${whom}` };
}

function groupsInWords(groups: readonly (readonly number[])[], terrain: Terrain): string {
  return groups
    .map((group) => group.map((zone) => terrain.zones[zone]).join(', '))
    .join(' | ');
}

function sidesInWords(sideOf: Uint16Array, terrain: Terrain): string {
  const managers = sideOf.subarray(0, terrain.managers).filter((side) => side === 1).length;
  const all = sideOf.filter((side) => side === 1).length;
  const [a, b] = [managers, terrain.managers - managers];
  const hosts = [all - managers, terrain.agents - (all - managers)];
  return `${a} managers and ${hosts[0]} hosts | ${b} managers and ${hosts[1]} hosts`;
}
