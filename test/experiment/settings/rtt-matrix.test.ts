import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { runId } from '../../../campaign/run-id.js';
import { deriveBounds } from '../../../checker/bounds/index.js';
import { parseScenario } from '../../../checker/scenario.js';
import { ScenarioError, toYaml } from '../../../experiment/scenario/index.js';
import { parseRttMatrix } from '../../../experiment/settings/rtt-matrix.js';
import { absent, dataFile } from '../../data.js';
import { holds } from '../../core/overlay/holds.js';
import { simulate } from '../../soak/simulate.js';

const matrix = 'planetlab-490.rtt-ms.tsv.gz';
const measured = dataFile(matrix);

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const oneWay = (text: string): number[] => [...parseRttMatrix(bytesOf(text), 'm.tsv').oneWayUs];

t.test('half of each round-trip time, in either direction', async (t) => {
  t.same(oneWay('0\t10\n30\t0\n'), [0, 5000, 15_000, 0]);
  t.same(oneWay('# ms\n0,0.175\r\n\n0.001,5\n'), [0, 88, 1, 0], 'commas; comments; a diagonal');
  const zipped = gzipSync('0\t10\n30\t0\n');
  t.same([...parseRttMatrix(zipped, 'm.tsv.gz').oneWayUs], [0, 5000, 15_000, 0]);
});

t.test('what is missing comes from the other direction, or over a third site', async (t) => {
  for (const missing of ['', '-', 'NaN', '-1', '0', 'n/a']) {
    t.same(oneWay(`0\t${missing}\n30\t0\n`), [0, 15_000, 15_000, 0], missing);
  }
  const lines = ['0\t\t10\t40', '\t0\t20\t10', '10\t20\t0\t2', '40\t10\t2\t0'];
  const around = parseRttMatrix(bytesOf(lines.join('\n')), 'm.tsv').oneWayUs;
  t.equal(around[1], 15_000, '10 and 20 ms over site 3 are quicker than 40 and 10 over site 4');
  t.equal(around[4], 15_000);
});

t.test('every matrix of measurements is read as it was written', async (t) => {
  const matrices = fc.integer({ min: 2, max: 12 }).chain((size) => {
    const rtt = fc.double({ min: 0.01, max: 5000, noNaN: true });
    return fc.array(fc.array(rtt, { minLength: size, maxLength: size }), {
      minLength: size, maxLength: size,
    });
  });
  holds(t, fc.property(matrices, (rows) => {
    const { size, oneWayUs } = parseRttMatrix(
      bytesOf(rows.map((row) => row.join('\t')).join('\n')), 'm.tsv',
    );
    return size === rows.length && rows.every((row, from) => row.every((ms, to) => {
      const us = oneWayUs[from * size + to];
      return from === to ? us === 0 : Math.abs(us - ms * 500) <= 0.5 || (us === 1 && ms < 0.002);
    }));
  }), 200);
});

t.test('what is no matrix is refused, with its place', async (t) => {
  const cases: readonly [string, string][] = [
    ['', 'm.tsv:1:1: this is not a matrix of round-trip times, '],
    ['0\t1\n1\n', 'm.tsv:2:1: 1 values in this row, but there are 2 rows, '],
    ['# x\n0\t1\t2\n1\t0\t2\n', 'm.tsv:2:1: 3 values in this row, but there are 2 rows, '],
    ['0\t1\n1.5\tx\n', ''],
    ['0\t1s\n1\t0\n', 'm.tsv:1:3: round-trip time "1s" is not a number, '],
    ['0\t1\t2\n1\t0\t3\n12\t4e9\t0\n', 'm.tsv:3:4: round-trip time "4e9" is too long, '],
    ['0\t\n\t0\n', 'm.tsv:1:1: nothing is known of the way from site 1 to some other, '],
  ];
  for (const [text, message] of cases) {
    if (message === '') {
      t.same(oneWay(text), [0, 500, 750, 0], 'what stands on the diagonal does not matter');
      continue;
    }
    try {
      parseRttMatrix(bytesOf(text), 'm.tsv');
      t.fail(message);
    } catch (error) {
      t.ok(error instanceof ScenarioError);
      t.ok((error as Error).message.startsWith(message), (error as Error).message);
    }
  }
  const cut = gzipSync('0\t10\n30\t0\n').subarray(0, 20);
  t.throws(() => parseRttMatrix(cut, 'm.gz'), { message: /^m\.gz:1:1: cannot unzip the matrix: / });
});

const scenarioText = (matrix: string): string => `
duration: 2m
system: { managers: 3, resources: [{ kind: service, count: 6 }] }
network:
  latency:
    matrix: ${matrix}
`;

t.test('a scenario names its matrix, and notices when it is another one', async (t) => {
  const directory = t.testdir({ 'm.tsv': '0\t10\n30\t0\n' });
  const file = join(directory, 's.yaml');
  const text = scenarioText('{ file: m.tsv, jitter: { uniform: { low: 0s, high: 2ms } } }');
  const scenario = parseScenario(text, file);
  t.equal(deriveBounds(scenario).maxDelayUs, 17_000, 'the longest way and the most jitter');
  t.equal(scenario.coordination.resources.retryUs, 1e6);
  const printed = toYaml(scenario);
  t.same(parseScenario(printed, '/elsewhere/scenario.yaml'), scenario, 'found from anywhere');
  const other = t.testdir({ again: { 'm.tsv': '0\t10\n30\t0\n' } });
  const moved = parseScenario(text, join(other, 'again', 's.yaml'));
  const identity = { world: 'sim', code: '', started: '' } as const;
  const id = runId({ ...identity, scenario });
  t.equal(runId({ ...identity, scenario: moved }), id, 'the path does not matter');
  writeFileSync(join(directory, 'm.tsv'), '0\t10\n31\t0\n');
  t.not(runId({ ...identity, scenario: parseScenario(text, file) }), id, 'the content does');
  t.throws(() => parseScenario(printed, 'r.yaml'), {
    message: /^r\.yaml:\d+:\d+: .*m\.tsv is not that file any more: its SHA-256 is [0-9a-f]{64}, /,
  });
});

t.test('a wrong matrix is an error of the scenario', async (t) => {
  const directory = t.testdir({ 'bad.tsv': '0\tfast\n1\t0\n' });
  const load = (matrix: string) => () => parseScenario(scenarioText(matrix), `${directory}/s.yaml`);
  t.throws(load('{ file: no.tsv }'), {
    message: /s\.yaml:6:21: there is no matrix .*no\.tsv(, nor one in .*)?, put it there or name/,
  });
  t.throws(load('{ file: bad.tsv }'), { message: /bad\.tsv:1:3: round-trip time "fast" is not/ });
  t.throws(load('{ fiel: bad.tsv }'), { message: /s\.yaml:6:15: unknown key fiel, did you mean/ });
  t.throws(load('{ jitter: 1ms }'), { message: /file is missing, add file: / });
});

t.test('490 PlanetLab sites', { skip: absent(matrix) }, async (t) => {
  const { size, oneWayUs } = parseRttMatrix(readFileSync(measured!), measured!);
  t.equal(size, 490);
  t.equal(oneWayUs[2], 1277, 'the third value is 2.553 ms');
  t.equal(oneWayUs.reduce((a, b) => Math.max(a, b)), 1_492_050);
  t.ok(oneWayUs.every((us, index) => us > 0 || index % 491 === 0));
  const file = JSON.stringify(measured);
  const scenario = parseScenario(
    scenarioText(`{ file: ${file}, jitter: { exponential: 2ms } }`), 'planetlab.yaml',
  );
  const { record, result } = await simulate(scenario);
  t.ok(record.summary.final.healthy);
  const again = await simulate(parseScenario(toYaml(scenario), 'again.yaml'));
  t.equal(again.result.digest, result.digest, 'the resolved scenario gives the same run');
});
