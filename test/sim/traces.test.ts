/** Recorded failures in whole runs: what was injected, and what was measured. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { runId } from '../../campaign/run-id.js';
import { loadScenario, parseScenario } from '../../checker/scenario.js';
import { ScenarioError, toYaml } from '../../experiment/scenario/index.js';
import { absent, dataFile } from '../data.js';
import { lanl18, outagesByHand, webSites, type HandOutage } from '../soak/outages.js';
import { simulate, type Simulated } from '../soak/simulate.js';

/** Fault by fault, as the run's own table has them. */
function injected({ record }: Simulated): HandOutage[] {
  return [...record.faults]
    .map(({ target, time_s, cleared_s }) => ({
      node: target, beginS: time_s, endS: cleared_s ?? Infinity,
    }))
    .sort((a, b) => a.beginS - b.beginS || (a.node < b.node ? -1 : 1));
}

const log = ['node,failed_at_s,repaired_at_s,cause',
  '1,1100,1400,hardware', '1,1350,1500,again', // one outage of 400 s
  '2,1200,1210,a moment', '0,1600,1900,a manager', '3,900,1100,under way',
  '3,5000,5100,too late', '4,1950,2600,open at the end',
].join('\n');

const scenarioText = (trace: string, whom: string, more = ''): string => `
duration: 21m
warmUp: 60s
system:
  managers: 3
  zones: 1
  resources: [{ kind: service, count: 8, perHost: 2 }]
  kinds: { service: { startUp: 100ms } }
coordination: { resources: { heartbeatPeriod: 5s }, managers: { heartbeatPeriod: 5s } }
faults:
  - trace: ${trace}
    crash: ${whom}
${more}`;

t.test('outages come and go when and where the log says', async (t) => {
  const directory = t.testdir({ 'log.csv': log });
  const text = scenarioText(
    '{ file: log.csv, from: 1000s }', '[{ each: managers }, { each: hosts }]',
  );
  const scenario = parseScenario(text, join(directory, 's.yaml'));
  const run = await simulate(scenario);
  t.same(injected(run), [
    { node: 'host-1', beginS: 60, endS: 160 },
    { node: 'manager-2', beginS: 160, endS: 560 },
    { node: 'manager-3', beginS: 260, endS: 270 },
    { node: 'manager-1', beginS: 660, endS: 960 },
    { node: 'host-2', beginS: 1010, endS: Infinity },
  ]);
  const [trace, ...others] = run.record.summary.faults.traces!;
  t.same(others, []);
  t.match(trace, {
    file: 'log.csv', nodes: 5, rows: 7, merged: 1, outages: 5, failing: 5, injected: 5, skipped: 0,
    shorterThanDetection: 1, noticed: 4,
    downSeconds: { trace: 1060, injected: 1060 },
  });
  t.ok(trace.differenceSeconds.max! <= trace.detectionSeconds, JSON.stringify(trace));
  t.ok(trace.downSeconds.measured < 1060 && trace.downSeconds.measured > 1060 - 5 * 16);
  t.ok(run.record.summary.recovery.perFault.censored === 1);
  const printed = toYaml(scenario);
  const again = parseScenario(printed, '/elsewhere/s.yaml');
  t.same(again, scenario, 'found from anywhere');
  t.equal((await simulate(again)).result.digest, run.result.digest);
});

t.test('at ten times the speed, and by resources; nobody else can start them', async (t) => {
  const directory = t.testdir({ 'log.csv': log });
  const trace = '{ file: log.csv, from: 1000s, until: 1500s, start: 2m, speedUp: 10 }';
  const rules = join(process.cwd(), 'scenarios/rules/restart-crashed.yaml');
  const text = scenarioText(trace, '{ each: resources }', `rules: [${rules}]\n`);
  const run = await simulate(parseScenario(text, join(directory, 's.yaml')));
  t.same(injected(run), [
    { node: 'service-4', beginS: 120, endS: 130 },
    { node: 'service-2', beginS: 130, endS: 170 },
    { node: 'service-3', beginS: 140, endS: 141 },
  ]);
  t.match(run.record.summary.faults.traces, [
    { shorterThanDetection: 2, noticed: 1, downSeconds: { trace: 51, injected: 51 } },
  ]);
  const { actions } = run.record.summary.rules;
  t.ok(actions.failed > 0 && actions.succeeded === 0, JSON.stringify(actions));
});

t.test('a node that is down already is spared, and counted', async (t) => {
  const directory = t.testdir({ 'log.csv': log });
  const more = '  - { at: 150s, crash: manager-2, repairAfter: 20s }\n';
  const text = scenarioText('{ file: log.csv, from: 1000s }', '{ each: managers }', more)
    .replace('from: 1000s }', 'from: 1000s, nodes: 3 }');
  const run = await simulate(parseScenario(text, join(directory, 's.yaml')));
  t.match(run.record.summary.faults.traces, [{ outages: 3, injected: 2, skipped: 1 }]);
  t.equal(run.result.faultsSkipped, 1);
});

t.test('pauses and leaves by a trace end when it says', async (t) => {
  const directory = t.testdir({ 'log.csv': log });
  const text = scenarioText('{ file: log.csv, from: 1000s, nodes: 3 }', '{ each: managers }');
  for (const kind of ['pause', 'leave']) {
    const scenario = parseScenario(text.replace('crash:', `${kind}:`), join(directory, 's.yaml'));
    const run = await simulate(scenario);
    t.same(injected(run).map(({ endS }) => endS), [560, 270, 960], kind);
    t.ok(run.record.summary.final.healthy, kind);
  }
});

t.test('the content of the trace is part of what a run is, its place is not', async (t) => {
  const text = scenarioText('{ file: log.csv }', '{ each: resources }');
  const load = (directory: string) => parseScenario(text, join(directory, 's.yaml'));
  const one = t.testdir({ 'log.csv': log, other: { 'log.csv': log } });
  const identity = { world: 'sim', code: '', started: '' } as const;
  const id = runId({ ...identity, scenario: load(one) });
  t.equal(runId({ ...identity, scenario: load(join(one, 'other')) }), id);
  const printed = toYaml(load(one));
  writeFileSync(join(one, 'log.csv'), `${log}\n1,7000,7001,`);
  t.not(runId({ ...identity, scenario: load(one) }), id);
  t.throws(() => parseScenario(printed, 'r.yaml'), {
    message: /^r\.yaml:\d+:\d+: .*log\.csv is not that file any more: its SHA-256 is \w{64}, /,
  });
});

t.test('mistakes have their place and their remedy', async (t) => {
  const directory = t.testdir({ 'log.csv': log, 'log.txt': log, 'bad.csv': 'x\n' });
  const complaint = (trace: string, whom = '{ each: hosts }', more = ''): string => {
    try {
      parseScenario(scenarioText(trace, whom, more), join(directory, 's.yaml'));
    } catch (error) {
      if (error instanceof ScenarioError) return error.message.replaceAll(`${directory}/`, '');
      throw error;
    }
    return 'no complaint';
  };
  const cases: readonly [string, string][] = [
    [complaint('{ file: no.csv }').replace(/, nor one in [^,]*/, ''),
      's.yaml:11:20: there is no trace no.csv, put it there or name its folder by HOWDAH_DATA'],
    [complaint('{ file: log.txt }'), 's.yaml:11:20: nothing tells the format of log.txt, add form'],
    [complaint('{ file: log.txt, format: csv }'), 's.yaml:11:12: the trace has 5 nodes, but this'],
    [complaint('{ file: log.csv }'),
      's.yaml:11:12: the trace has 5 nodes, but this hits 4, add nodes: 4 to use the first 4'],
    [complaint('{ file: bad.csv }'), 'bad.csv:1:1: there is no column node, write a header'],
    [complaint('{ fiel: log.csv }'), 's.yaml:11:14: unknown key fiel, did you mean file?'],
    [complaint('{ file: log.csv, from: 2h, until: 1h }'), 's.yaml:11:35: from is after until'],
    [complaint('{ file: log.csv, speedUp: 0 }'), 's.yaml:11:38: speedUp: 0 is too small'],
    [complaint('{ file: log.csv }', 'manager-1'), 's.yaml:12:12: a trace hits each unit by'],
    [complaint('{ file: log.csv }', '[{ each: hosts }, { each: hosts }]'),
      's.yaml:12:12: a trace hits each unit by itself'],
    [complaint('{ file: log.csv }', '{ each: resources }', '    repairAfter: 1m\n'),
      's.yaml:13:18: a trace says itself when nodes are repaired, remove it'],
    [complaint('{ file: log.csv }', '{ each: resources }', '    from: 1m\n'),
      's.yaml:13:11: from stands beside every, write it inside trace'],
    [complaint('{ file: log.csv }', '[]').slice(0, 10), 's.yaml:12:'],
  ];
  for (const [said, expected] of cases) t.ok(said.startsWith(expected), `${said} / ${expected}`);
});

for (const { file, data, set, window } of [
  { ...lanl18, window: { fromS: 615 * 86_400, lengthS: 86_400 } },
  { ...webSites, window: { fromS: 70 * 86_400, lengthS: 86_400 } },
]) {
  t.test(`${file}: a day of it, injected and measured`, { skip: absent(data) }, async (t) => {
    const run = await simulate(
      loadScenario(`scenarios/${file}.yaml`, {
        set: [
          'duration=25h', `faults[0].trace.from=${window.fromS}s`, 'faults[0].trace.until=9y',
          ...set,
        ],
      }),
    );
    const expected = outagesByHand(file, readFileSync(dataFile(data)!, 'utf8'), window);
    t.same(injected(run), expected);
    t.ok(expected.length > 2, `${expected.length} outages`);
    const [trace] = run.record.summary.faults.traces!;
    t.equal(trace.injected, expected.length);
    t.equal(trace.downSeconds.injected, trace.downSeconds.trace);
    t.ok(trace.differenceSeconds.max! <= trace.detectionSeconds, JSON.stringify(trace));
    t.same(run.record.summary.invariants.broken, []);
  });
}
