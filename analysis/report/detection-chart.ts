/** How long crashes went unnoticed. */
import type { HistogramBin } from '../statistics/samples.js';
import type { Summary } from '../measures/index.js';
import * as words from '../words.js';
import { colours, plotWidth, preamble } from './theme.js';
import type { PageChart } from './theme.js';

export function detectionChart(summary: Summary, bins: readonly HistogramBin[]): PageChart {
  const { count, seconds } = summary.detection;
  const title =
    count === 0 || seconds.p99 === null || seconds.p50 === null
      ? 'No crash was detected'
      : `Of ${words.count(count)} crash${count === 1 ? '' : 'es'} half were noticed within ` +
        `${words.duration(seconds.p50)}, 99% within ${words.duration(seconds.p99)}`;
  const marks = (['p50', 'p99'] as const).flatMap((name) =>
    seconds[name] === null ? [] : [{ at: seconds[name], name }],
  );
  return {
    name: 'detection',
    title,
    findings: [`${title}.`],
    table: {
      note: '',
      head: ['from', 'to', 'crashes'],
      rows: bins.map((bin) => [
        words.duration(bin.from_s), words.duration(bin.to_s), words.count(bin.count),
      ]),
      textColumns: [],
      file: 'summary.json',
    },
    caption: 'From a crash to the first suspicion of what crashed, in that very life of it.',
    spec: {
      ...preamble,
      title: { text: title, offset: 20 },
      width: plotWidth,
      height: 180,
      layer: [
        {
          data: { values: bins },
          mark: { type: 'rect', color: colours.sky, stroke: '#ffffff', strokeWidth: 0.5 },
          encoding: {
            x: {
              field: 'from_s',
              type: 'quantitative',
              axis: { title: 'time from crash to suspicion (s)', grid: false },
            },
            x2: { field: 'to_s' },
            y: {
              field: 'count',
              type: 'quantitative',
              axis: { title: 'crashes', tickMinStep: 1, tickCount: 5 },
            },
            y2: { datum: 0 },
          },
        },
        {
          data: { values: marks },
          mark: { type: 'rule', color: colours.black, strokeDash: [4, 3] },
          encoding: { x: { field: 'at', type: 'quantitative' } },
        },
        {
          data: { values: marks },
          // Above the bars, of whatever colour they are.
          mark: { type: 'text', baseline: 'bottom', y: -3 },
          encoding: {
            x: { field: 'at', type: 'quantitative' },
            text: { field: 'name' },
          },
        },
      ],
    },
  };
}
