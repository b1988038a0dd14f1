import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import t from 'tap';
import { Replay } from '../../../experiment/faults/replay.js';
import { ScenarioError, type TraceTime } from '../../../experiment/scenario/index.js';
import {
  formatOf,
  openOutages,
  readTrace,
  type TraceFile,
} from '../../../experiment/traces/index.js';
import { holds } from '../../core/overlay/holds.js';
import { inTime } from '../../length.js';

type Outages = readonly (readonly [beginS: number, endS: number])[];

/** All outages by node, in seconds; a round of all nodes at a time, the last of them first. */
function outagesOf(trace: TraceFile, pieceBytes?: number): Outages[] {
  const cursor = openOutages(trace, pieceBytes);
  const found: [number, number][][] = Array.from({ length: trace.nodes }, () => []);
  for (let open = true; open; ) {
    open = false;
    for (let node = trace.nodes - 1; node >= 0; node -= 1) {
      if (!cursor.next(node)) continue;
      open = true;
      found[node].push([cursor.beginUs / 1e6, cursor.endUs / 1e6]);
    }
  }
  return found;
}

const log = (...rows: string[]) => ['node,failed_at_s,repaired_at_s,cause', ...rows, ''].join('\n');

t.test('a failure log: the union of outages per node, nodes in the order of names', async (t) => {
  const rows = [
    '10,500,600,hardware', '2,100.5,200,software', '2,150,250,"a, ""b"""', '# a comment',
    '2,250,300,touches', '2,400,,never repaired', 'web,7,8,x', '10,9,9,nothing', '',
  ];
  const text = log(...rows).replaceAll('\n', '\r\n');
  const path = join(t.testdir({ 'log.csv': `\uFEFF${text}` }), 'log.csv');
  const trace = readTrace(path, 'csv');
  t.same(outagesOf(trace), [[[100.5, 300], [400, Infinity]], [[500, 600]], [[7, 8]]]);
  t.match(trace, { nodes: 3, rows: 7, merged: 2, empty: 1, startUs: 0, endUs: 600e6 });
  t.equal(trace.sha256, createHash('sha256').update(readFileSync(path)).digest('hex'));
  t.same([formatOf('a.b/c.CSV'), formatOf('x.avt'), formatOf('x.txt')], ['csv', 'avt', undefined]);
});

t.test('an availability trace: what lies between sessions, before and after them', async (t) => {
  const lines = [
    '# name, sessions, start end ...',
    'a 3\t100 200  300 400 400 1000', // 400 touches: one session
    'never 0', 'b 2 100 150 950.5 950.5', '', 'c 1 205 905', 'd 1 150 1000',
  ];
  const path = join(t.testdir({ 'x.avt': lines.join('\n') }), 'x.avt');
  const trace = readTrace(path, 'avt');
  // The shortest gap is 100 s: c was watched from somewhere within the first of it, d too.
  const expected = [
    [[200, 300]], [[150, Infinity]], [[100, 205]], [],
  ];
  t.same(outagesOf(trace), expected);
  t.same(outagesOf(trace, 16), expected, 'in the smallest pieces');
  t.match(trace, { nodes: 4, neverUp: 1, rows: 7, merged: 1, empty: 1, startUs: 100e6 });
});

const spans = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 30 })),
  { minLength: 1, maxLength: 25 },
);

/** Seconds in which at least one of the spans holds. */
function covered(list: readonly (readonly [number, number])[]): Set<number> {
  const seconds = new Set<number>();
  for (const [begin, length] of list) {
    for (let second = begin; second < begin + length; second += 1) seconds.add(second);
  }
  return seconds;
}

t.test('both formats agree with sets of seconds', async (t) => {
  const directory = t.testdir({});
  const property = fc.property(fc.array(spans, { minLength: 1, maxLength: 6 }), (nodes) => {
    const path = join(directory, 'x.csv');
    const rows = nodes.flatMap((list, node) =>
      list.map(([begin, length]) => `${node},${begin},${begin + length},`),
    );
    if (nodes.every((list) => list.every(([, length]) => length === 0))) return true;
    writeFileSync(path, log(...rows));
    const down = nodes.map(covered).filter((seconds) => seconds.size > 0);
    const fromLog = outagesOf(readTrace(path, 'csv'));
    const sessions = nodes.map((list) => [...list].sort(([a], [b]) => a - b));
    const lines = sessions.map((list, node) =>
      [`n${node}`, list.length, ...list.flatMap(([at, length]) => [at, at + length])].join(' '),
    );
    const avt = join(directory, 'x.avt');
    // Up throughout: it says when the watching began and ended.
    writeFileSync(avt, [...lines, 'always 1 0 431'].join('\n'));
    const up = sessions.map(covered).filter((seconds) => seconds.size > 0);
    const trace = readTrace(avt, 'avt');
    const [shortest] = shortestGap(up);
    return (
      fromLog.every((list, node) => same(covered(lengths(list)), down[node]) && apart(list)) &&
      outagesOf(trace, 64).slice(0, -1).every((list, node) => {
        const expected = gaps(up[node], shortest);
        return apart(list) && same(covered(lengths(list)), expected);
      })
    );
  });
  holds(t, property, 150);
});

const lengths = (list: Outages) =>
  list.map(([begin, end]) => [begin, Math.min(end, 431) - begin] as const);
const same = (a: Set<number>, b: Set<number>) => a.size === b.size && [...a].every((x) => b.has(x));
const apart = (list: Outages) => list.every(([begin], i) => i === 0 || begin > list[i - 1][1]);

/** Runs of seconds that are not in the set, of 0 to 431. */
function runs(up: Set<number>): [number, number][] {
  const found: [number, number][] = [];
  for (let second = 0; second < 431; second += 1) {
    if (up.has(second)) continue;
    const last = found.at(-1);
    if (last !== undefined && last[1] === second) last[1] = second + 1;
    else found.push([second, second + 1]);
  }
  return found;
}

function shortestGap(ups: readonly Set<number>[]): [number] {
  const inner = ups.flatMap((up) => runs(up).filter(([begin, end]) => begin > 0 && end < 431));
  return [inner.reduce((least, [begin, end]) => Math.min(least, end - begin), Infinity)];
}

function gaps(up: Set<number>, shortest: number): Set<number> {
  const least = Number.isFinite(shortest) ? shortest : 0;
  const kept = runs(up).filter(
    ([begin, end]) => (begin > 0 && end < 431) || end - begin >= least,
  );
  return covered(kept.map(([begin, end]) => [begin, end - begin] as const));
}

t.test('what is no trace is refused, with its place', async (t) => {
  const cases: readonly ['csv' | 'avt', string, string][] = [
    ['csv', '', '1:1: there are no outages in this log, '],
    ['csv', 'node,failed_at_s\n1,2\n', '1:1: there is no column repaired_at_s, '],
    ['csv', log('1,2,3,x', '1,5,4,x'), '3:5: repaired at 4s, before it failed, '],
    ['csv', log('1,soon,3,x'), '2:3: "soon" is not a number of seconds, '],
    ['csv', log('1,-2,3,x'), '2:3: "-2" is not a number of seconds, '],
    ['csv', log('1,2'), '2:1: only 2 values in this row, '],
    ['csv', log(',2,3,x'), '2:1: the row names no node, '],
    ['avt', '# nothing\n', '1:1: no node in this trace was ever up, '],
    ['avt', 'a 0\n', '1:1: no node in this trace was ever up, '],
    ['avt', 'a 1 1 2\nb 2 1 2\n', '2:1: 2 sessions are announced, but 2 times follow, '],
    ['avt', 'a 1 1 2\nb\n', '2:1: a name alone, '],
    ['avt', 'a 1 1 2\nb 1 5 4\n', '2:7: a session ends at 4s, before it starts, '],
    ['avt', 'a 2 5 6 1 9\n', '1:9: a session starts at 1s, before the one ahead of it, '],
    ['avt', 'a 1 1 x2\n', '1:7: "x2" is not a number of seconds, '],
    ['avt', 'a 1.5 1 2 3\n', '1:3: the number of sessions is not whole, '],
    ['avt', `a 1 1 2\n${'x'.repeat(300_000)}`, '2:1: this is no availability trace, '],
  ];
  const directory = t.testdir({});
  for (const [format, text, message] of cases) {
    const path = join(directory, `t.${format}`);
    writeFileSync(path, text);
    try {
      readTrace(path, format);
      t.fail(message);
    } catch (error) {
      t.ok(error instanceof ScenarioError, message);
      t.ok((error as Error).message.startsWith(`${path}:${message}`), (error as Error).message);
    }
  }
});

t.test('a file that changes while it is in use is noticed', async (t) => {
  const path = join(t.testdir({ 'x.avt': 'a 2 100 200 300 400\n' }), 'x.avt');
  const trace = readTrace(path, 'avt');
  writeFileSync(path, 'a 2 100');
  t.throws(() => outagesOf(trace), { message: /x\.avt:1:1: the file has changed since it was/ });
});

const timeOf = (trace: TraceFile, over: Partial<TraceTime>): TraceTime => ({
  kind: 'trace', trace, format: 'csv', fromUs: 0, untilUs: trace.endUs, startUs: 0, speedUp: 1,
  nodes: trace.nodes, ...over,
});

function replayed(when: TraceTime): [number, number, number][] {
  const replay = new Replay(when);
  const found: [number, number, number][] = [];
  for (let unit = 0; unit < replay.nodes; unit += 1) {
    while (replay.next(unit)) found.push([unit, replay.beginUs, replay.endUs]);
  }
  return found;
}

t.test('windows, speed and a start: where in the run an outage falls', async (t) => {
  const text = log('0,10,20,', '0,95,130,', '0,150,160,', '0,200,210,', '1,0,99,', '1,100,,');
  const trace = readTrace(join(t.testdir({ 'x.csv': text }), 'x.csv'), 'csv');
  const window = { fromUs: 100e6, untilUs: 200e6, startUs: 7e6 };
  t.same(replayed(timeOf(trace, window)), [
    [0, 7e6, 37e6], [0, 57e6, 67e6], [1, 7e6, Infinity],
  ]);
  t.same(replayed(timeOf(trace, { ...window, speedUp: 10, nodes: 1 })), [
    [0, 7e6, 10e6], [0, 12e6, 13e6],
  ]);
  // Six seconds at a million times the speed are less than what keeps two outages apart.
  const fast = replayed(timeOf(trace, { speedUp: 1e6, untilUs: 300e6, nodes: 1 }));
  t.same(fast, [[0, 10, 20], [0, 95, 130], [0, 150, 160], [0, 200, 210]]);
  const close = readTrace(
    join(t.testdir({ 'x.csv': log('0,1,2,', '0,2.2,2.3,', '0,2.4,9,') }), 'x.csv'), 'csv',
  );
  const squeezed = replayed(timeOf(close, { speedUp: 1e6 }));
  t.same(squeezed, [[0, 1, 2], [0, 3, 4], [0, 5, 9]], 'a microsecond each, and one in between');
});

interface Large {
  readonly downUs: number;
  readonly firstDownUs: number;
  readonly grown: number;
}

t.test('50,000 nodes: memory is that of the nodes, whatever the number of sessions', (t) => {
  const directory = t.testdir({});
  const script = fileURLToPath(new URL('large.js', import.meta.url));
  const read = (sessions: number) => {
    const path = join(directory, `${sessions}.avt`);
    writeFileSync(path, '');
    for (let chunk = 0; chunk < 500; chunk += 1) {
      let text = '';
      for (let node = chunk * 100; node < chunk * 100 + 100; node += 1) {
        text += `node-${node} ${sessions}`;
        // 60 s up, then 40 s down, shifted from node to node; so no two lines are alike.
        for (let k = 0; k < sessions; k += 1) {
          const start = 1_000_000 + 100 * k + (node % 40);
          text += ` ${start} ${start + 60}`;
        }
        text += '\n';
      }
      appendFileSync(path, text);
    }
    const flags = ['--max-old-space-size=32', '--max-semi-space-size=2'];
    const output = execFileSync(process.execPath, [...flags, script, path], { encoding: 'utf8' });
    return { bytes: statSync(path).size, ...(JSON.parse(output) as Large) };
  };
  const few = read(3);
  const sessions = inTime(40, 100);
  const many = read(sessions);
  const outages = 50_000 * (sessions - 1);
  t.match(many, { nodes: 50_000, rows: 50_000 * sessions, merged: 0, outages });
  t.equal(many.downUs, outages * 40e6);
  t.equal(many.firstDownUs, 50_000 * 2 * 40e6);
  t.ok(many.bytes > sessions * 800_000, `${many.bytes} bytes of trace`);
  t.ok(many.grown < 30e6, `${many.grown} bytes of memory, with few sessions ${few.grown}`);
  t.end();
});
