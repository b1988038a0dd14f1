/** From observations to numbers to pictures. */
import type { ReportFiles } from './report/index.js';
import { isSweepDirectory } from './sweep/index.js';

export { createRecorder } from './recorder.js';
export type { Recorder } from './recorder.js';
export {
  openRunDirectory,
  readRunDirectory,
  RunDirectoryError,
  writeRunDirectory,
} from './run-directory.js';
export type { Manifest, PendingRunDirectory, StoredRun } from './run-directory.js';
export type { Statistics, Summary } from './summary.js';
export type { EpisodeRow, FaultRow, MessageRow, RunRecord, TimeseriesRow } from './record.js';

export type { ReportFiles } from './report/index.js';

/**
 * Draws the report of a run or sweep directory into it: `report.html`, and each chart as `.svg` and
 * `.vl.json`. Loads the chart library only when called. Throws {@link RunDirectoryError}.
 */
export async function writeReport(directory: string): Promise<ReportFiles> {
  const { writeRunReport, writeSweepReport } = await import('./report/index.js');
  return isSweepDirectory(directory) ? writeSweepReport(directory) : writeRunReport(directory);
}
export { exportTrace, traceFormats, writeStory, type TraceFormatName } from './trace/index.js';
