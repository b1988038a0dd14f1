/** Who is alive, judged from when it was last heard. */
import type { Configurable } from '../configured.js';
import type { Address, Environment } from '../process.js';
import type { RowArena } from '../row-arena.js';
import type { Fields, Range } from '../settings.js';
import type { Message } from '../wire/record.js';

/**
 * Watches a table of peers by row number. Each owner keeps one for its whole table, so a detector
 * holds its state in columns. A manager has one for its resources, a coordinator one for its
 * managers; what a detector learns, it learns of each row by itself. The times that it is given are
 * its watcher's running time: neither stalls of the watcher nor steps of its clock are in them.
 */
export interface Detector {
  /** A row begins to be watched: as if heard at `nowUs`. */
  watch(row: number, nowUs: number): void;
  /** A periodic sign of life of a watched row: tells of its rhythm too. */
  heard(row: number, nowUs: number): void;
  /** A sign of life out of turn, an answer for example: the row lives, and no more than that. */
  seen(row: number, nowUs: number): void;
  /** The row is watched no more. */
  forget(row: number): void;
  isSuspected(row: number): boolean;
  /** Calls `suspect` once for each watched row that has become silent for too long. */
  check(nowUs: number, suspect: (row: number) => void): void;
  /**
   * The watcher has stood still, some time since the last check. Silences are no longer for it, but
   * an interval that lasts now tells nothing of its row's rhythm. Only for those that learn one.
   */
  stalled?(): void;
  /** True if the message was the detector's own, or another's of its kind. */
  receive?(from: Address, message: Message): boolean;
  /** One of the timers that it set. */
  onTimer?(kind: number, argument: number): void;
}

/** How those that a detector watches are configured to behave. Microseconds. */
export interface Rhythm {
  /** Between two heartbeats of a row. */
  readonly heartbeatPeriodUs: number;
  /** The silence that the configuration allows. */
  readonly timeoutUs: number;
}

/** The node that a detector works on, and whom its rows stand for. */
export interface DetectorSite {
  /** With timers of the detector's own; its time is the watcher's running time. */
  readonly environment: Environment;
  /** Where the one in that row can be asked whether it lives; -1: nowhere, it is only heard. */
  addressOf(row: number): Address;
  /** Other managers that are believed to be alive: they may ask in this one's stead. */
  neighbours(): readonly Address[];
  /** Where it may keep its state beside that of others of its kind. */
  readonly arena?: RowArena;
}

/** A kind of detector. */
export interface DetectorImplementation<Settings = unknown> extends Configurable<Settings> {
  /**
   * Called by each manager at its start, for its resources, which are only heard; and when it is
   * elected for the first time in its life, for the managers. So every manager has one that
   * receives, whoever coordinates. What comes from managers is handed to that of managers first,
   * and if it is not its own, to that of resources.
   */
  create(settings: Settings, rhythm: Rhythm, site: DetectorSite): Detector;
  /**
   * The longest silence before anyone is suspected, for the bounds of a scenario. Null or absent:
   * there is no such limit, and nothing is promised.
   */
  limitUs?(settings: Settings, rhythm: Rhythm): number | null;
  /** The shortest silence that anyone is suspected for. Absent: any. */
  leastUs?(settings: Settings, rhythm: Rhythm): number;
  /** Of one that learns what to wait for; the others wait for the timeouts of the configuration. */
  readonly learning?: Learning<Settings>;
  /** What comparisons turn until it notices as soon as another, or is wrong as often. */
  readonly tuning?: Tunable;
  /**
   * As what explorations draw it, each of them as likely: its settings that are drawn, in the order
   * of the draws; the others keep their defaults.
   */
  readonly drawn?: readonly Readonly<Record<string, Range>>[];
}

/** The setting by which a detector waits longer and is wrong less often. */
export interface Tunable {
  /** Of a scenario. */
  readonly path: string;
  readonly low: number;
  readonly high: number;
  /** Of both ends: heartbeat periods of resources, or none. */
  readonly unit: 'periods' | 'count';
}

/** What late and lost heartbeats make of a detector that learns their rhythm. */
export interface Learning<Settings> {
  /** The settings that limit what it waits for, and that give heartbeats more room. */
  readonly limit: string;
  readonly room: string;
  /** What the latter has to be for heartbeats so much later than the mean; null: it is enough. */
  roomUs(settings: Settings, lateUs: number): number | null;
  /** What it comes to wait for where that share of heartbeats is lost. */
  usualUs(settings: Settings, rhythm: Rhythm, loss: number): number;
}

/** A kind of detector that comes along. */
export interface BuiltInDetector<Settings> extends DetectorImplementation<Settings> {
  readonly fields: Fields;
}
