/** What a fault does to links, decided when it strikes. */
import type { HostCut } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { cutOf } from '../cut.js';
import type { Layer } from '../impairment.js';
import type { Inventory } from '../inventory.js';
import type { CutShape, FaultAction, Party } from '../scenario/resolved.js';
import { impairmentWords, namesOf } from './words.js';

export type LinkEffect =
  /** Zones (by index) fall apart into these groups. */
  | { readonly kind: 'groups'; readonly groups: readonly (readonly number[])[] }
  | { readonly kind: 'cut'; readonly cut: HostCut }
  /** The share of all messages that is lost. */
  | { readonly kind: 'loss'; readonly share: number }
  | { readonly kind: 'layer'; readonly layer: Layer };

export interface LinkAim {
  readonly effect: LinkEffect;
  /** In words, for reports. */
  readonly target: string;
}

/** What a decision may depend on. */
export interface LinkContext {
  readonly inventory: Inventory;
  /** The hosts that are meant, among those that are up. */
  readonly resolve: (parties: readonly Party[]) => ReadonlySet<Address>;
  /** Uniform in [0, 1), the strike's own. */
  readonly next: () => number;
}

export type LinkAction = Exclude<
  FaultAction,
  {
    kind: 'crash' | 'restart' | 'rolling' | 'pause' | 'leave' | 'clock' | 'slow' | 'heal' |
      'plugged';
  }
>;

/** Null: there is nobody whose links could be hit. */
export function aimAtLinks(action: LinkAction, context: LinkContext): LinkAim | null {
  const { inventory } = context;
  if (action.kind === 'partition') {
    if ('cut' in action) return aimCut(action.cut, context);
    const target = groupsInWords(action.groups, inventory);
    return { effect: { kind: 'groups', groups: action.groups }, target };
  }
  const { of, ...impairment } = action;
  const words = impairmentWords(impairment);
  if (of === undefined) {
    if (impairment.kind === 'loss') return { effect: impairment, target: words };
    return { effect: { kind: 'layer', layer: { impairment, hosts: null } }, target: words };
  }
  const affected = context.resolve(of);
  if (affected.size === 0) return null;
  const hosts = new Uint8Array(inventory.managers + inventory.agents);
  for (const address of affected) hosts[address] = 1;
  const target = `${words} at ${partiesInWords(of, affected, inventory)}`;
  return { effect: { kind: 'layer', layer: { impairment, hosts } }, target };
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
function deal({ inventory, next }: LinkContext): Uint16Array {
  const { managers, agents } = inventory;
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
  const side = sidesInWords(sideOf, context.inventory);
  return { effect: { kind: 'cut', cut }, target: side };
}

/** Each of them by itself. */
function isolate(whom: readonly Party[], context: LinkContext): LinkAim | null {
  const alone = context.resolve(whom);
  if (alone.size === 0) return null;
  const { inventory } = context;
  const classOf = new Uint16Array(inventory.managers + inventory.agents);
  for (const address of alone) classOf[address] = 1;
  const cut = cutOf(classOf, 2, (a, b) => a === 0 && b === 0);
  const target = `${partiesInWords(whom, alone, inventory)} | all others`;
  return { effect: { kind: 'cut', cut }, target };
}

const FROM = 1;
const TO = 2;

function oneWay(
  { from, to }: Extract<CutShape, { kind: 'oneWay' }>,
  context: LinkContext,
): LinkAim | null {
  const { inventory } = context;
  const senders = context.resolve(from);
  const receivers = to === null ? null : context.resolve(to);
  if (senders.size === 0 || receivers?.size === 0) return null;
  // A host may be on both sides: classes 0 to 3, as the bits FROM and TO say.
  const classOf = new Uint16Array(inventory.managers + inventory.agents);
  for (const address of senders) classOf[address] |= FROM;
  for (let address = 0; address < classOf.length; address += 1) {
    const hears = receivers === null ? !senders.has(address) : !receivers.has(address);
    if (receivers === null ? hears : !hears) classOf[address] |= TO;
  }
  const cut = cutOf(classOf, 4, (a, b) => (a & FROM) === 0 || (b & TO) === 0);
  const other = to === null ? 'all others' : partiesInWords(to, receivers!, inventory);
  const target = `${partiesInWords(from, senders, inventory)} -/-> ${other}`;
  return { effect: { kind: 'cut', cut }, target };
}

function between(
  { these, those }: Extract<CutShape, { kind: 'between' }>,
  context: LinkContext,
): LinkAim | null {
  const { inventory } = context;
  const sides = [context.resolve(these), context.resolve(those)];
  if (sides.some(({ size }) => size === 0)) return null;
  // A host on both sides, as with the bits of one-way cuts, reaches neither.
  const classOf = new Uint16Array(inventory.managers + inventory.agents);
  for (const [side, hosts] of sides.entries()) {
    for (const address of hosts) classOf[address] |= 1 << side;
  }
  const cut = cutOf(classOf, 4, (a, b) =>
    ((a & 1) === 0 || (b & 2) === 0) && ((a & 2) === 0 || (b & 1) === 0));
  const names = [these, those].map((some, side) =>
    partiesInWords(some, sides[side], inventory));
  return { effect: { kind: 'cut', cut }, target: names.join(' -/- ') };
}

function bridge(
  { over, sides }: Extract<CutShape, { kind: 'bridge' }>,
  context: LinkContext,
): LinkAim | null {
  const { inventory } = context;
  const between = context.resolve(over);
  if (between.size === 0) return null;
  const sideOf = sides === null ? deal(context) : new Uint16Array(inventory.zoneOf.length);
  const last = sides === null ? 2 : sides.length;
  if (sides !== null) {
    for (let address = 0; address < sideOf.length; address += 1) {
      sideOf[address] = sides.findIndex((zones) => zones.includes(inventory.zoneOf[address]));
    }
  }
  for (const address of between) sideOf[address] = last;
  const cut = cutOf(sideOf, last + 1, (a, b) => a === b || a === last || b === last);
  const whom = partiesInWords(over, between, inventory);
  const apart = sides === null ? 'two halves' : groupsInWords(sides, inventory);
  return { effect: { kind: 'cut', cut }, target: `${apart}, bridged by ${whom}` };
}

function groupsInWords(groups: readonly (readonly number[])[], inventory: Inventory): string {
  return groups
    .map((group) => group.map((zone) => inventory.zones[zone]).join(', '))
    .join(' | ');
}

/** Zones by their names, hosts by theirs. */
function partiesInWords(
  parties: readonly Party[],
  hosts: ReadonlySet<Address>,
  inventory: Inventory,
): string {
  const zones = parties.flatMap((party) => (party.kind === 'zone' ? [party.index] : []));
  const inZones = new Set(zones);
  const others = [...hosts].filter((address) => !inZones.has(inventory.zoneOf[address]));
  const names = [...inZones].map((zone) => inventory.zones[zone]);
  return [...names, ...(others.length > 0 ? [namesOf(others, [], inventory)] : [])].join(', ');
}

function sidesInWords(sideOf: Uint16Array, inventory: Inventory): string {
  const managers = sideOf.subarray(0, inventory.managers).filter((side) => side === 1).length;
  const all = sideOf.filter((side) => side === 1).length;
  const [a, b] = [managers, inventory.managers - managers];
  const hosts = [all - managers, inventory.agents - (all - managers)];
  return `${a} managers and ${hosts[0]} hosts | ${b} managers and ${hosts[1]} hosts`;
}
