/** From observations to numbers to pictures. */
import type { FitPanel, ReportFiles } from './report/index.js';
import { isSweepDirectory } from './sweep/is-directory.js';

export { createRecorder } from './recorder.js';
export type { Recorder } from './recorder.js';
export {
  openRunDirectory,
  readFinishedRun,
  readRunDirectory,
  writeRunDirectory,
} from './run-directory.js';
export { RunDirectoryError } from './directory-error.js';
export { writeWhole } from './whole-file.js';
export type { FinishedRun, Manifest, PendingRunDirectory, StoredRun } from './run-directory.js';
export type { Statistics } from './statistics/samples.js';
export type { Summary, TraceReplay } from './measures/index.js';
export type { RunRecord } from './record.js';
export { beyondTwin, twinInstants } from './beyond-twin.js';
export type { EpisodeRow, FaultRow, MessageRow, TimeseriesRow } from './tables/index.js';

export type { ReportFiles } from './report/index.js';
export {
  chosenLaw, durationsOf, fitDurations, renewals, type Candidate, type Fit, type Renewals,
} from './fit/index.js';

/**
 * Draws the report of a run or sweep directory into it: `report.html`, and each chart as `.svg` and
 * `.vl.json`. Loads the chart library only when called. Throws {@link RunDirectoryError}.
 */
export async function writeReport(directory: string): Promise<ReportFiles> {
  const { writeRunReport, writeSweepReport } = await import('./report/index.js');
  return isSweepDirectory(directory) ? writeSweepReport(directory) : writeRunReport(directory);
}
export { exportTrace, traceFormats, writeStory, type TraceFormatName } from './trace/index.js';

/** Draws laws beside durations as `fit.svg` and `fit.vl.json`; none where nothing was fitted. */
export async function writeFitChart(
  directory: string,
  source: string,
  panels: readonly FitPanel[],
): Promise<readonly string[]> {
  const { drawAlone, fitChart } = await import('./report/index.js');
  const chart = fitChart(source, panels);
  return chart === null ? [] : drawAlone(directory, chart);
}
