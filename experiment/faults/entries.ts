/** The entries of a scenario's `faults`, and the faults that come of them. */
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import { streamKey, type StreamKey } from '../random/streams.js';
import type { LinkAim } from './link-aims.js';
import type { Begun } from './phases.js';
import type { FaultAim, FaultWorld, PluginFault } from './plugin-fault.js';
import type { FaultSettings } from './settings.js';
import { Replay, unitsOf, type Units } from './replay.js';
import { rangeOf, targetsOf, type UnitKind, type Victims } from './targets.js';

/** One entry of the scenario's `faults`, with streams of its own. */
export interface Entry {
  readonly index: number;
  readonly settings: FaultSettings;
  readonly lifetimes: StreamKey;
  readonly repairs: StreamKey;
  readonly targets: StreamKey;
  /** Of a conditional one. */
  readonly waiting: Waiting;
  readonly flaps: StreamKey;
  /** Lifetimes drawn so far, per unit; null unless random. */
  readonly drawn: Uint32Array | null;
  /** Null for what is built in. */
  readonly own: PluginFault | null;
  /** Null unless by a trace. */
  readonly recorded: { readonly replay: Replay; readonly units: Units } | null;
}

/** How a conditional entry waits for its phase. */
interface Waiting {
  /** How often it has been due. */
  strikes: number;
  /** A strike is still to come. */
  pending: boolean;
  /** The last one that it was due for; null: none yet. */
  begun: Begun | null;
}

/** A fault under way. */
export interface Fault {
  readonly number: number;
  readonly entry: Entry;
  /** The unit of a random entry or a trace, else how often the entry has struck before. */
  readonly unit: number;
  /** Whom it crashed or paused; not what crashed along with a host. */
  readonly victims: Victims;
  /** Resources that rules have still to repair; empty where the fault has its own repair. */
  readonly unrepaired: Set<number>;
  /** Those that were told to go or are to crash in their own time, and are not gone yet. */
  readonly leaving: Set<Address>;
  /** From its beginning to its own repair, of a leave from its end; Infinity: there is none. */
  readonly repairUs: number;
  /** It was healed while some were on their way out: they come back as soon as they are gone. */
  recalled: boolean;
  /** Of a fault of the user's own. */
  readonly aim: FaultAim | null;
  /** Of a fault of links. */
  readonly links: LinkAim | null;
  /** How often it has come and gone. */
  flaps: number;
}

/** @param world - for faults of the user's own */
export function entryOf(
  settings: FaultSettings, index: number, seed: number, inventory: Inventory, world: FaultWorld,
): Entry {
  const { action, when } = settings;
  const stream = (name: string): StreamKey => streamKey(seed, `faults/${index}/${name}`);
  return {
    index,
    settings,
    lifetimes: stream('lifetime'),
    repairs: stream('repair'),
    targets: stream('targets'),
    waiting: { strikes: 0, pending: false, begun: null },
    flaps: stream('flaps'),
    drawn: when.kind === 'random' ? new Uint32Array(lives(settings, inventory)) : null,
    own: action.kind === 'from-plugin'
      ? action.implementation.create(action.settings, world) : null,
    recorded:
      when.kind === 'trace'
        ? { replay: new Replay(when), units: unitsOf(action, inventory) }
        : null,
  };
}

/** How many renewal processes a random entry has. */
export function lives({ action }: FaultSettings, inventory: Inventory): number {
  const [target] = targetsOf(action);
  return target === undefined ? 1 : rangeOf(target.kind as UnitKind, inventory).count;
}
