/** What runs tell of themselves is what their traces say, by code of its own. */
import { join } from 'node:path';
import t from 'tap';
import type { RunRecord } from '../../analysis/index.js';
import { TraceFile, TraceLines } from '../../analysis/trace-file.js';
import { baseOf, Planner } from '../../campaign/explore/planner.js';
import { noPlugins } from '../../checker/plugins.js';
import { loadScenario } from '../../checker/scenario.js';
import { buildInventory } from '../../experiment/inventory.js';
import { runSimulation } from '../../sim/index.js';
import { inTime } from '../length.js';
import { apart, asRead, differences, liveDifferences, simulated } from './again.js';
import { linesOf, type Line } from './lines.js';

void t.test('read as it is made, a trace has the same lines', async (t) => {
  const scenario = loadScenario('scenarios/smoke.yaml', { set: ['duration=2m'] });
  const run = async (trace: TraceLines): Promise<void> => {
    await runSimulation(scenario, buildInventory(scenario), {
      sinks: [trace], messages: trace, samplePeriodUs: 0, sample: () => {}, progress: () => true,
    });
  };
  const path = join(t.testdir(), 'trace.jsonl');
  const file = new TraceFile(path);
  await run(file);
  file.close();
  const lines: Line[] = [];
  await run(new TraceLines((line) => lines.push(asRead(line as Line))));
  t.ok(lines.length > 1000);
  t.same(lines, [...linesOf(path)]);
});

for (const [name, ...set] of [
  ['smoke'], ['smoke', 'coordination.actions.mode=observe'], ['rolling-restart', 'duration=5m'],
]) {
  void t.test([name, ...set].join(', '), async (t) => {
    const kept = name === 'smoke';
    t.same(await differences(loadScenario(`scenarios/${name}.yaml`, { set }), { kept }), []);
  });
}

void t.test('faults as explorations draw them', async (t) => {
  const small = [
    'duration=90s', 'warmUp=20s', 'system.managers=5',
    'system.resources=[{kind: service, count: 9, perHost: 3}, ' +
      '{kind: worker, count: 3, spares: 2}]',
  ];
  const base = baseOf(loadScenario('scenarios/swarm.yaml', { set: small }));
  const only = [
    'duplication', 'loss', 'isolated nodes', 'resources and hosts are decommissioned',
    'managers crash', 'managers pause', 'hosts pause', 'partitions',
  ];
  const planner = new Planner({ ...base, only }, noPlugins);
  // Each has shown a difference once.
  const seeds = [4, 27];
  for (const seed of inTime(seeds, Array.from({ length: 60 }, (_, index) => index + 1))) {
    t.same(await differences(planner.of(seed).scenario, { kept: false }), [], `seed ${seed}`);
  }
});

void t.test('live-smoke, live', async (t) => {
  const set = [
    'duration=7s', 'warmUp=2s',
    'faults=[{at: 3s, crash: coordinator, repairAfter: 1s}, {at: 4s, crash: {resources: 3}}]',
  ];
  t.same(await liveDifferences(loadScenario('scenarios/live-smoke.yaml', { set })), []);
});

void t.test('a window that is another is noticed', async (t) => {
  const set = ['system.managers=4', 'system.resources=[{kind: service, count: 12}]'];
  const scenario = loadScenario('scenarios/live-smoke.yaml', { set });
  t.same(await differences(scenario), []);
  t.not((await differences(scenario, { laterUs: -20e6 })).length, 0);
});

/** What a trace does not tell: whose run it is, bounds and what was judged by them. */
const apartFrom = new RegExp([
  'scenario', 'seed', 'digest', 'eventDigest', 'simulatedSeconds', 'warmUpSeconds', 'events',
  'overlay\\.name', 'recovery\\.(boundSeconds|promised|bounded|maxSettleShare)',
  'staleness\\.boundSeconds', 'warnings', 'invariants\\..*',
].map((name) => `^(${name})$`).join('|'));
const columnsApart = /^(bound_s|cause|target|type|periodic)$/;

void t.test('each number of a run is held', async (t) => {
  const lived = await simulated(loadScenario('scenarios/live-smoke.yaml'));
  const { record } = lived;
  t.same(apart(lived), []);
  const isHeld = (changed: Partial<RunRecord>): boolean =>
    apart({ ...lived, record: { ...record, ...changed } }).length > 0;
  const free = [...leaves(record.summary)].filter(({ path, value }) =>
    !apartFrom.test(path) && !isHeld({ summary: value }));
  t.same(free.map(({ path }) => path), []);
  for (const table of ['episodes', 'faults', 'messages'] as const) {
    const rows: readonly object[] = [...record[table]];
    const unheld = Object.keys(rows[0]).filter((column) => !columnsApart.test(column) &&
      !rows.some((row, index) => isHeld({
        [table]: rows.with(index, { ...row, [column]: other(row[column as never]) }),
      })));
    t.same(unheld, [], table);
  }
});

/** The summary with each of its values in turn another one. */
function* leaves(
  value: object, path: readonly string[] = [],
): Generator<{ readonly path: string; readonly value: never }> {
  for (const [name, part] of Object.entries(value) as [string, unknown][]) {
    const place = [...path, name];
    if (typeof part === 'object' && part !== null && !Array.isArray(part)) {
      for (const leaf of leaves(part, place)) {
        yield { path: leaf.path, value: { ...value, [name]: leaf.value } as never };
      }
    } else {
      yield { path: place.join('.'), value: { ...value, [name]: other(part) } as never };
    }
  }
}

function other(value: unknown): unknown {
  if (typeof value === 'number') return value + Math.max(0.01, value / 100);
  if (Array.isArray(value) && value.length > 0) return value.slice(1);
  return typeof value === 'boolean' ? !value : 1;
}
