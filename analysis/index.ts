/** From observations to numbers to pictures. */
export { createRecorder } from './recorder.js';
export type { Recorder } from './recorder.js';
export {
  openRunDirectory,
  readRunDirectory,
  RunDirectoryError,
  writeRunDirectory,
} from './run-directory.js';
export type { Manifest, PendingRunDirectory, RunFiles, StoredRun } from './run-directory.js';
export type { BrokenInvariant, DetectionMeasure, Measure, Statistics, Summary } from './summary.js';
export type {
  EpisodeRow,
  FaultRow,
  HistogramBin,
  MessageRow,
  RunRecord,
  Story,
  TimeseriesRow,
} from './record.js';

/** Where a report was written: `report.html` and the charts as `.svg` and `.vl.json`. */
export interface ReportFiles {
  readonly html: string;
  readonly charts: readonly string[];
}

/**
 * Draws the report of a run directory into it. Loads the chart library only when called. Throws
 * {@link RunDirectoryError}.
 */
export async function writeReport(_directory: string): Promise<ReportFiles> {
  return Promise.reject(new Error('not built yet'));
}
