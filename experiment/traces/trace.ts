/** Recorded failures of real nodes: what a file of them holds, whichever its format. */

/**
 * `csv`: a failure log, an outage per row. `avt`: a line per node, with its sessions. `lanl`: the
 * release of Los Alamos. `fta`: events of the Failure Trace Archive. `simgrid`: state profiles.
 * `opendc`: shares of hosts that fail.
 */
export const traceFormats = ['csv', 'avt', 'lanl', 'fta', 'simgrid', 'opendc'] as const;
export type TraceFormat = (typeof traceFormats)[number];

/** Of the times in a file. */
export const traceUnits = ['us', 'ms', 's', 'm', 'h', 'd'] as const;
export type TraceUnit = (typeof traceUnits)[number];

/** How a file is to be read. */
export interface TraceReading {
  readonly format: TraceFormat;
  /** Undefined: seconds; of OpenDC milliseconds. */
  readonly unit?: TraceUnit | undefined;
  /** Of Los Alamos. */
  readonly system?: string | undefined;
  /** How many hosts OpenDC's shares are of. */
  readonly nodes?: number | undefined;
}

/** A file that has been read once. Instants are microseconds by the trace's own clock. */
export interface TraceFile {
  /** Absolute. */
  readonly path: string;
  /** Of the file as it lies there. Hex. */
  readonly sha256: string;
  /** Numbered from 0: those of a log in the order of their names, of sessions as they come. */
  readonly nodes: number;
  /** Outages of a log, sessions of an availability trace, as written. */
  readonly rows: number;
  /** Rows that overlap or touch another of the same node, and count as one with it. */
  readonly merged: number;
  /** Rows that begin and end at once: they count for nothing. */
  readonly empty: number;
  /** Nodes without any session: they are left out. */
  readonly neverUp: number;
  /** When the watching began and ended, as far as the file tells. */
  readonly startUs: number;
  readonly endUs: number;
  /** The file says that it begins anew after so long. */
  readonly loopUs?: number;
  readonly outages: OutageTable | SessionIndex;
}

/** All outages of a log, by node and time; none overlaps another of its node. */
export interface OutageTable {
  readonly kind: 'table';
  /** The first outage of each node, and one more than the last of all. */
  readonly first: Int32Array;
  readonly beginUs: Float64Array;
  /** Infinity: not within the log. */
  readonly endUs: Float64Array;
}

/** Where in the file the sessions of each node stand: some bytes per node, however many. */
export interface SessionIndex {
  readonly kind: 'sessions';
  /** How long a unit of the file's times is. */
  readonly usPerUnit: number;
  /** Of the first session, in bytes. */
  readonly offset: Float64Array;
  readonly sessions: Float64Array;
  /**
   * What a node was not seen up before its first session, or after its last, is an outage unless
   * it is shorter than this, the shortest between two sessions: then it lies within the time that
   * the watcher took to come round.
   */
  readonly shortestGapUs: number;
}

/** The outages of each node in turn. */
export interface OutageCursor {
  /** Of the outage that {@link next} has found. */
  readonly beginUs: number;
  /** Infinity: the node was never seen up again. */
  readonly endUs: number;
  /** Whether the node has another outage: on to it. */
  next(node: number): boolean;
  /** The next outage of the node is its first again. */
  rewind(node: number): void;
}
