/** All charts of a run, from the content of its directory alone. */
import type { StoredRun } from '../run-directory.js';
import { anatomyChart } from './anatomy-chart.js';
import { boundChart } from './bound-chart.js';
import { closeUpCharts } from './close-up-chart.js';
import { episodeCostChart } from './episode-cost-chart.js';
import { detectionChart } from './detection-chart.js';
import { managedChart } from './managed-chart.js';
import { messagesChart } from './messages-chart.js';
import { pathChart } from './path-chart.js';
import type { PageChart } from './theme.js';

/** Charts of nothing (no episode, no detection) are left out. */
export function chartsOf(run: StoredRun): PageChart[] {
  const { summary, episodes, faults, timeseries, detections } = run;
  return [
    ...(timeseries.length > 0 ? [managedChart(summary, timeseries, faults)] : []),
    ...(episodes.length > 0 ? [anatomyChart(episodes)] : []),
    ...(episodes.some((row) => row.settle_s !== null) ? [boundChart(summary, episodes)] : []),
    ...some(pathChart(summary, episodes, run.paths)),
    ...some(episodeCostChart(episodes)),
    ...closeUpCharts(run),
    ...(timeseries.length > 0 ? [messagesChart(summary, timeseries)] : []),
    ...(detections.length > 0 ? [detectionChart(summary, detections)] : []),
  ];
}

function some(chart: PageChart | null): PageChart[] {
  return chart === null ? [] : [chart];
}
