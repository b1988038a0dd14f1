/** Who is alive, judged from when it was last heard. */

/**
 * Watches a table of peers by row number. Each owner keeps one for its whole table, so a detector
 * holds its state in columns.
 */
export interface Detector {
  /** A row begins to be watched: as if heard at `nowUs`. */
  watch(row: number, nowUs: number): void;
  /** A sign of life of the row. */
  heard(row: number, nowUs: number): void;
  /** The row is watched no more. */
  forget(row: number): void;
  isSuspected(row: number): boolean;
  /** Calls `suspect` once for each watched row that has become silent for too long. */
  check(nowUs: number, suspect: (row: number) => void): void;
  /** After a stall of the watcher itself: nobody could be heard, so nobody is to blame. */
  forgive(nowUs: number): void;
}
