import fc from 'fast-check';
import t from 'tap';
import { faultMarks, leansLeft } from '../../analysis/report/fault-marks.js';
import { segments } from '../../analysis/report/anatomy-chart.js';
import { drawnEpisodes, mostDrawn } from '../../analysis/report/episode-labels.js';
import { chartsOf } from '../../analysis/report/charts.js';
import { renderSvg } from '../../analysis/report/render.js';
import { textWidth } from '../../analysis/report/text-width.js';
import { plotWidth } from '../../analysis/report/theme.js';
import { ticks, timeUnitFor } from '../../analysis/report/time-axis.js';
import type { EpisodeRow, FaultRow, StoredRun } from '../../analysis/index.js';
import { syntheticRun } from './synthetic.js';

const fault = (time: number, target: string, scope: FaultRow['scope']): FaultRow => ({
  fault: 0,
  time_s: time,
  kind: 'crash',
  target,
  scope,
  cleared_s: null,
  detected_s: null,
  recovered_s: null,
  censored: false,
});

void t.test('labels of faults never lie on each other, nor across a stem', (t) => {
  const faults = fc
    .array(fc.tuple(fc.nat(1000), fc.constantFrom('manager-1', 'manager-10, manager-20')), {
      maxLength: 40,
    })
    .map((list) =>
      list
        .sort(([a], [b]) => a - b)
        .map(([time, target]) => fault(time, target, 'management')),
    );
  const property = fc.property(faults, (rows) => {
    const labels = faultMarks(rows, 1000, 1)
      .filter(({ label }) => label !== '')
      .map(({ label, time, line }) => {
        const at = (time / 1000) * plotWidth;
        const width = textWidth(label, 11);
        const from = leansLeft(label, at) ? at - width : at;
        return { from, to: from + width, at, line };
      });
    return labels.every((one) =>
      labels.every((other) => {
        if (one === other) return true;
        const onIt = one.line === other.line && one.from < other.to && other.from < one.to;
        const across = other.line > one.line && other.at > one.from && other.at < one.to;
        return !onIt && !across;
      }),
    );
  });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

void t.test('faults of resources get no label, those at one instant one mark', (t) => {
  const marks = faultMarks(
    [
      fault(5, 'manager-1', 'management'),
      fault(5, 'manager-2', 'management'),
      fault(5, 'web-1', 'resources'),
    ],
    100,
    60,
  );
  t.equal(marks.length, 2);
  t.match(marks[0], { time: 5 / 60, label: 'crash: manager-1 and manager-2' });
  t.match(marks[1], { label: '', tooltip: '5 s: crash: web-1' });
  t.end();
});

void t.test('phases are laid end to end, without gaps, up to the end', (t) => {
  const instant = fc.option(fc.double({ min: 100, max: 200, noNaN: true }));
  const row = fc
    .record({
      first: instant,
      detected: instant,
      elected: instant,
      managed: instant,
      model: instant,
    })
    .map(({ first, detected, elected, managed, model }): EpisodeRow => ({
      start_s: 100,
      end_s: 200,
      duration_s: 100,
      settle_s: 100,
      last_fault_s: 100,
      censored: false,
      faults: 1,
      first_detected_s: first,
      detected_s: detected,
      elected_s: elected,
      reregistered_s: managed,
      synced_s: model,
      extra_messages: 0,
      extra_bytes: 0,
      sent: 0,
      beyond_twin: null,
      bound_s: null,
      cause: '',
    }));
  const property = fc.property(row, (episode) => {
    const parts = segments(drawnEpisodes([episode]));
    return parts.every(({ from, to }, i) => to > from && from === (parts[i - 1]?.to ?? 0)) &&
      parts.at(-1)?.to === 100;
  });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

void t.test('the time axis has the unit and the round ticks of its span', (t) => {
  const axis = (span: number): [string, number[]] => {
    const unit = timeUnitFor(span);
    return [unit.name, ticks(span / unit.seconds, unit)];
  };
  t.same(axis(30)[0], 's');
  t.same(axis(7200), ['min', [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]]);
  t.same(axis(86_400), ['h', [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24]]);
  t.same(axis(60 * 86_400)[0], 'd');
  const property = fc.property(fc.double({ min: 1, max: 3e8, noNaN: true }), (span) => {
    const [, values] = axis(span);
    return values.length >= 1 && values.length <= 14;
  });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

void t.test('every chart is drawn, with few episodes and with very many', async (t) => {
  for (const episodes of [0, 1, 41, mostDrawn + 20]) {
    const record = syntheticRun({
      durationSeconds: 7200 * Math.max(1, episodes / 10),
      episodes,
      resourceFaults: episodes * 2,
      samples: 700,
    });
    const run = { ...record, faults: [...record.faults] } as unknown as StoredRun;
    const charts = chartsOf(run);
    const names = charts.map(({ name }) => name);
    const all = ['managed', 'anatomy', 'bound', 'path', 'episode-cost', 'messages', 'detection'];
    t.same(names, episodes === 0 ? ['managed', 'messages'] : all);
    for (const chart of charts) {
      const svg = await renderSvg(chart);
      t.ok(svg.startsWith('<svg '));
      const broken = /NaN|undefined|\[object/.exec(svg)?.[0];
      t.equal(broken, undefined, `${chart.name} with ${episodes} episodes`);
      t.ok(svg.length < 1_500_000, `${chart.name}: ${svg.length} characters`);
      if (episodes === 1) t.ok((await renderSvg(chart)) === svg, 'the same again');
    }
    if (episodes > mostDrawn) {
      t.match(charts.find(({ name }) => name === 'anatomy')?.title, /the 800 longest of 820/);
    }
  }
});
