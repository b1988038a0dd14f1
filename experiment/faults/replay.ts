/** Recorded outages, from the trace's nodes and clock to the run's. */
import type { Address } from '../../core/process.js';
import type { Inventory } from '../inventory.js';
import type { TraceTime } from '../traces/settings.js';
import type { FaultAction } from './kinds/index.js';
import type { FaultSettings } from './settings.js';
import { Laps, openOutages, type OutageCursor } from '../traces/index.js';

/** A unit stands for a node of the trace: a process with its host, or a resource. */
export interface Units {
  readonly length: number;
  /** The process of a unit, or -1: it is a resource. */
  process(unit: number): Address;
  /** The resource of a unit; only where there is no process. */
  resource(unit: number): number;
}

/** Those that `{ each: managers }` and the like stand for, one after the other. */
export function unitsOf(action: FaultAction, inventory: Inventory): Units {
  const { managers, agents, resources } = inventory;
  const ranges: { first: number; count: number; resources: boolean }[] = [];
  for (const { kind } of 'targets' in action ? action.targets : []) {
    if (kind === 'managers') ranges.push({ first: 0, count: managers, resources: false });
    else if (kind === 'hosts') ranges.push({ first: managers, count: agents, resources: false });
    else if (kind === 'resources') ranges.push({ first: 0, count: resources, resources: true });
  }
  const find = (unit: number, wanted: boolean): number => {
    let left = unit;
    for (const { first, count, resources: isResource } of ranges) {
      if (left < count) return isResource === wanted ? first + left : -1;
      left -= count;
    }
    return -1;
  };
  return {
    length: ranges.reduce((sum, { count }) => sum + count, 0),
    process: (unit) => find(unit, false),
    resource: (unit) => find(unit, true),
  };
}

/** Whether a fault brings its own repair: then nobody else can repair what it took. */
export function hasOwnRepair({ repair, when }: Pick<FaultSettings, 'repair' | 'when'>): boolean {
  return repair !== null || when.kind === 'trace';
}

/**
 * The outages of a trace, unit by unit, in the time of the run. They lie within the window, last
 * for at least a microsecond, and have at least a microsecond between them. Memory: some bytes per
 * node.
 */
export class Replay {
  readonly nodes: number;
  /** Of the outage that {@link next} has found, in the run. */
  beginUs = 0;
  /** Infinity: it never ends. */
  endUs = 0;
  private readonly when: TraceTime;
  private readonly outages: OutageCursor;
  private readonly untilUs: number;
  /** When the last outage of each unit that was found ends. */
  private readonly lastEndUs: Float64Array;

  /** @param pieceBytes - see {@link openOutages} */
  constructor(when: TraceTime, pieceBytes?: number) {
    this.when = when;
    this.nodes = when.nodes;
    const { trace, nodes, fromUs, untilUs, repeat } = when;
    const once = openOutages(trace, pieceBytes);
    this.outages = repeat === true ? new Laps(once, nodes, fromUs, untilUs) : once;
    this.untilUs = repeat === true ? Infinity : untilUs;
    this.lastEndUs = new Float64Array(when.nodes).fill(-1);
  }

  /** Whether there is another outage of that unit. */
  next(unit: number): boolean {
    const { outages, untilUs } = this;
    const { fromUs } = this.when;
    while (outages.next(unit)) {
      if (outages.endUs <= fromUs) continue;
      if (outages.beginUs >= untilUs) return false;
      const beginUs = this.inRun(Math.max(outages.beginUs, fromUs));
      this.beginUs = Math.max(beginUs, this.lastEndUs[unit] + 1);
      this.endUs = Math.max(this.inRun(outages.endUs), this.beginUs + 1);
      this.lastEndUs[unit] = this.endUs;
      return true;
    }
    return false;
  }

  /** When the outage of that unit ends that was found last. */
  endOf(unit: number): number {
    return this.lastEndUs[unit];
  }

  private inRun(traceUs: number): number {
    const { fromUs, startUs, speedUp } = this.when;
    return startUs + Math.round((traceUs - fromUs) / speedUp);
  }
}

/** What a trace asks of a run, counted from the file. */
export interface ReplayCensus {
  /** Outages that begin within the run, and how many nodes have any. */
  readonly outages: number;
  readonly failing: number;
  /** Of them, those that are over before a silence of `shorterThanUs` is. */
  readonly short: number;
  /** How long nodes are down within the run, together. */
  readonly downUs: number;
}

/** Bytes read at once where node comes after node. */
const LARGE_PIECE = 1 << 16;

/** @param shorterThanUs - per unit */
export function censusOf(
  when: TraceTime,
  runEndUs: number,
  shorterThanUs: (unit: number) => number,
): ReplayCensus {
  const replay = new Replay(when, LARGE_PIECE);
  let [outages, failing, short, downUs] = [0, 0, 0, 0];
  for (let unit = 0; unit < replay.nodes; unit += 1) {
    const before = outages;
    while (replay.next(unit) && replay.beginUs < runEndUs) {
      outages += 1;
      const lastsUs = replay.endUs - replay.beginUs;
      if (lastsUs < shorterThanUs(unit)) short += 1;
      downUs += Math.min(replay.endUs, runEndUs) - replay.beginUs;
    }
    if (outages > before) failing += 1;
  }
  return { outages, failing, short, downUs };
}
