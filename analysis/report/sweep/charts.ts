/** The charts of a sweep that its table alone gives, without the files of its runs. */
import type { PageChart } from '../theme.js';
import { costChart } from './cost-chart.js';
import type { SweepData } from './data.js';
import { effectsChart } from './effects-chart.js';
import { heatChart } from './heat-chart.js';
import { measuresChart } from './measures-chart.js';
import { tradeoffChart } from './tradeoff-chart.js';
import { trendsChart } from './trends-chart.js';

/** In the order of the page; recoveries come after the fields. */
export function tableCharts(data: SweepData): PageChart[] {
  return [
    measuresChart(data), effectsChart(data), heatChart(data), tradeoffChart(data),
    trendsChart(data), costChart(data),
  ].filter((chart) => chart !== null);
}
