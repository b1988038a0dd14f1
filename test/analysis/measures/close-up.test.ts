/** Episodes from near by, held against what is told of them elsewhere. */
import t from 'tap';
import type { RunRecord } from '../../../analysis/index.js';
import { closeUpCharts } from '../../../analysis/report/close-up-chart.js';
import { renderSvg } from '../../../analysis/report/render.js';
import type { StoredRun } from '../../../analysis/run-directory.js';
import { parseScenario } from '../../../checker/scenario.js';
import { simulate } from '../../soak/simulate.js';

/** More episodes than are kept, and one that is open in the end. */
const scenario = `
duration: 21m
warmUp: 1m
system: { managers: 5, resources: [ { kind: service, count: 30, perHost: 2 } ] }
measure: { samples: 3 }
invariants: []
faults:
  - { at: 3m, crash: coordinator, repairAfter: 1m }
  - { at: 7m, crash: { managers: 1 }, repairAfter: 1m }
  - { at: 11m, crash: { managers: 2 }, repairAfter: 1m }
  - { at: 15m, crash: { managers: 1 }, repairAfter: 1m }
  - { at: 1230s, crash: { managers: 1 } }
  - { at: 1250s, crash: { managers: 1 } }
`;

let run: Promise<RunRecord> | undefined;
const record = (): Promise<RunRecord> => {
  run ??= simulate(parseScenario(scenario, 'near-by.yaml', {})).then((one) => one.record);
  return run;
};

t.test('the longest episodes, each from its start to its end', async (t) => {
  const { closeUps, episodes, faults } = await record();
  const lengths = episodes.map(({ duration_s }) => duration_s ?? Infinity);
  const shortest = [...lengths].sort((a, b) => b - a)[3];
  const longest = episodes.filter((_, index) => lengths[index] >= shortest);
  t.ok(episodes.length > 4, `${episodes.length} episodes`);
  t.same(closeUps.map(({ start_s, end_s }) => [start_s, end_s]),
    longest.map(({ start_s, end_s }) => [start_s, end_s]));
  t.ok(closeUps.some(({ end_s }) => end_s === null), 'one is open');
  for (const { start_s, end_s, rows, spells } of closeUps) {
    t.equal(rows.at(-1)!.until_s, end_s ?? 1260, 'up to its end');
    t.ok(rows.length > 10 && rows.length <= 64, `${rows.length} rows`);
    const times = rows.map(({ until_s }) => until_s);
    t.same(times, times.toSorted((a, b) => a - b));
    t.ok(times[0] > start_s && spells.every(({ to_s }) => to_s === null || to_s > start_s));
  }
  const target = [...faults].find(({ time_s }) => time_s === 420)!.target;
  const crash = closeUps.find(({ start_s }) => start_s === 420)!;
  const held = crash.spells.filter(({ manager }) => manager === target);
  t.equal(held.length, crash.rows[0].unmanaged, 'all that the dead one had, from its end on');
  t.ok(held.every(({ from_s }) => from_s === 420));
  const again = episodes.find(({ start_s }) => start_s === 420)!.reregistered_s!;
  t.equal(Math.max(...crash.spells.map(({ to_s }) => to_s!)), again, 'until all are managed again');
});

t.test('every message of an episode stands in one row', async (t) => {
  const { closeUps, episodes } = await record();
  for (const { start_s, rows } of closeUps) {
    const row = episodes.find((one) => one.start_s === start_s)!;
    const sums = new Map<string, number>();
    for (const { sent } of rows) {
      for (const [type, count] of Object.entries(sent)) {
        sums.set(type, (sums.get(type) ?? 0) + count);
      }
    }
    const all = [...sums.values()].reduce((sum, count) => sum + count, 0);
    const seconds = rows.at(-1)!.until_s - start_s;
    // By the clock a heartbeat each in ten seconds and its answer, and probes: the rest is extra.
    const usual = seconds * (2 * (30 + 4 + 5) / 10 + 5 / 30);
    t.ok(all > row.extra_messages && all - row.extra_messages < usual * 1.2 + 10,
      `${all} of which ${row.extra_messages} are extra, ${usual} usual`);
  }
});

t.test('drawn, with who and what in words', async (t) => {
  const { closeUps, episodes, faults, summary } = await record();
  const charts = closeUpCharts(
    { closeUps, episodes, faults: [...faults], summary } as unknown as StoredRun,
  );
  t.equal(charts.length, closeUps.length);
  for (const chart of charts) {
    const svg = await renderSvg(chart);
    t.match(svg, /<title>service-\d+, before of manager-\d: 0 s to [\d.]+ s<\/title>/);
    t.match(chart.findings[0], /^Episode \d (lasted|was open for) .* resources were without a man/);
    t.match(chart.findings[1], /messages were sent because something changed, most of them /);
    t.match(chart.caption, /The longest of \d episodes are shown so\.$/);
    t.ok(chart.table.rows.some(([what]) => what === 'messages: resource-register'));
    t.match(svg, />by the clock</);
  }
  const none = { closeUps: [], episodes, faults: [...faults], summary } as unknown as StoredRun;
  t.same(closeUpCharts(none), [], 'of a run of an earlier version');
});
