/** Recorded failures in the forms people have: each read into the outages it tells of. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Replay } from '../../../experiment/faults/replay.js';
import { loadScenario, parseScenario } from '../../../checker/scenario.js';
import { toYaml } from '../../../experiment/scenario/index.js';
import type { TraceTime } from '../../../experiment/scenario/resolved.js';
import {
  formatOf, openOutages, readTrace, type TraceFile, type TraceReading,
} from '../../../experiment/traces/index.js';
import { absent, dataFile } from '../../data.js';

/** In seconds, node by node. */
function outagesOf(trace: TraceFile): number[][][] {
  const cursor = openOutages(trace);
  return Array.from({ length: trace.nodes }, (_, node) => {
    const all: number[][] = [];
    while (cursor.next(node)) all.push([cursor.beginUs / 1e6, cursor.endUs / 1e6]);
    return all;
  });
}

function read(t: Tap, text: string, how: TraceReading): number[][][] {
  return outagesOf(readTrace(join(t.testdir({ x: text }), 'x'), how));
}
interface Tap { testdir(content: Record<string, string>): string }

const lanlHeader = 'System,machine type,nodes,procstot,procsinnode,nodenum,nodenumz,node install,' +
  'node prod,node decom,fru type,mem,cputype,memtype,num intercon,purpose,Prob Started,' +
  'Prob Fixed,Down Time,Facilities,Hardware,Human Error,Network,Undetermined,Software,Same Event';
const lanlRow = (system: number, node: number, started: string, fixed: string): string =>
  `${system},cluster,49,6152,80,9,${node},5-Apr,5-Jun,current,part,80,1,1,0,"a, b",` +
  `${started},${fixed},6,,x,,,,,No`;

t.test('the release of Los Alamos, by its dates', async (t) => {
  const text = ['LA-UR-05-7318', lanlHeader,
    lanlRow(18, 7, '2/28/2004 23:00', '3/1/2004 0:00'),
    lanlRow(18, 10, '03/01/04 1:00', '03/01/04 01:30'),
    lanlRow(2, 0, '1/1/1999 0:00', '1/2/1999 0:00'),
    lanlRow(18, 7, '12/31/2004 23:59', '')].join('\n');
  const how = { format: 'lanl', system: '18' } as const;
  t.same(read(t, text, how), [
    [[23 * 3600, 2 * 86_400], [308 * 86_400 - 60, Infinity]],
    [[2 * 86_400 + 3600, 2 * 86_400 + 5400]],
  ], 'the clock begins at the midnight before the first, and leap days count');
  t.throws(() => read(t, text, { format: 'lanl' }), {
    message: /x:1:1: the log has 2 systems, write system: one of 2, 18$/,
  });
  t.throws(() => read(t, text, { ...how, system: '3' }), { message: /no system 3, write/ });
  const wrong = text.replace('3/1/2004 0:00', 'soon');
  t.throws(() => read(t, wrong, how), { message: /x:3:\d+: "soon" is no date, write month\/day/ });
  const asLog = () => readTrace(join(t.testdir({ 'x.csv': lanlHeader }), 'x.csv'), 'csv');
  t.throws(asLog, { message: /there is no column node, add format: lanl$/ });
});

const log = 'lanl-system-18.csv';
t.test('the release gives what the log made of it gives', { skip: absent(log) }, async (t) => {
  const path = dataFile(log)!;
  const rows = readFileSync(path, 'utf8').trim().split('\n').slice(1).map((row) => row.split(','));
  // 2002-05-08, some midnight: dates are made of seconds by a calendar that is not ours.
  const zero = Date.UTC(2002, 4, 8);
  const date = (seconds: string): string => {
    const at = new Date(zero + Number(seconds) * 1000);
    const [month, day, year] = [at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCFullYear()];
    const minute = String(at.getUTCMinutes()).padStart(2, '0');
    return `${month}/${day}/${year} ${at.getUTCHours()}:${minute}`;
  };
  const release = [lanlHeader, ...rows.map(([node, failed, repaired]) =>
    lanlRow(18, Number(node), date(failed), repaired === '' ? '' : date(repaired)))].join('\n');
  t.same(read(t, release, { format: 'lanl' }), outagesOf(readTrace(path, 'csv')));
});

t.test('events of the Failure Trace Archive', async (t) => {
  const text = ['# event\tcomponent\tnode\tplatform\tname\ttype\tstart\tstop\treason',
    '0\t1\t11\t0\tb\t1\t1000\t1100\t0', '1\t1\t11\t0\tb\t0\t1100\t1150.5\t0',
    '2\t1\t2\t0\ta\t1\t1000\t2000\tNULL', '3\t1\t30\t0\tc\t0\t1500\tNULL\tNULL'].join('\n');
  const expected = [[], [[100, 150.5]], [[500, Infinity]]];
  t.same(read(t, text, { format: 'fta' }), expected, 'from the first on; nodes by number');
  t.same(read(t, text.replaceAll('\t', ' '), { format: 'fta' }), expected, 'with blanks');
  t.equal(formatOf('event_trace.tab'), 'fta');
  t.throws(() => read(t, '0 1 2 0 a 7 1 2 0', { format: 'fta' }), { message: /:1:11: 7 is no / });
  t.throws(() => read(t, '0 1 2 0 a', { format: 'fta' }), { message: /:1:1: only 5 values in/ });
});

t.test('state profiles of SimGrid, a file or a folder of them', async (t) => {
  const one = '# host\n0.0 1\n10 0\n12.5 1\n20 0\n';
  t.same(read(t, one, { format: 'simgrid' }), [[[10, 12.5], [20, Infinity]]]);
  const folder = join(t.testdir(), 'hosts');
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.state'), '1 0\n2 1\nLOOPAFTER 3\n');
  writeFileSync(join(folder, 'b.state'), '0 1\n2 1\nLOOPAFTER 3\n');
  const trace = readTrace(folder, 'simgrid');
  t.same(outagesOf(trace), [[[1, 2]], []]);
  t.equal(trace.loopUs, 5e6);
  writeFileSync(join(folder, 'c.state'), '1 0\n2 1\n');
  t.throws(() => readTrace(folder, 'simgrid'), { message: /c\.state:\d+:1: it begins anew after/ });
  t.throws(() => read(t, '5 0\n4 1\n', { format: 'simgrid' }), { message: /:2:1: a time before/ });
  t.throws(() => read(t, '5 off\n', { format: 'simgrid' }), { message: /:1:3: off is no state/ });
  t.throws(() => read(t, 'STOCHASTIC LOOP\n', { format: 'simgrid' }), { message: /by chance are/ });
});

t.test('failures of OpenDC take hosts in turn', async (t) => {
  const header = 'failure_interval,failure_duration,failure_intensity';
  const text = `${header}\n1000,500,0.5\n1000,2000,0.25\n`;
  t.same(read(t, text, { format: 'opendc', nodes: 4 }), [[[1, 1.5]], [[1, 1.5]], [[2.5, 4.5]], []]);
  t.throws(() => read(t, text, { format: 'opendc' }), { message: /:2:1: .*, add nodes: / });
  t.throws(() => read(t, 'PAR1\u0015', { format: 'opendc' }), { message: /is Parquet, / });
});

t.test('times in other units', async (t) => {
  const text = 'node,failed_at,repaired_at\n1,2,2.5\n';
  t.same(read(t, text, { format: 'csv', unit: 'h' }), [[[7200, 9000]]]);
  t.same(read(t, 'a 2 0 10 12 20\n', { format: 'avt', unit: 'ms' }), [[[0.01, 0.012]]]);
});

t.test('a window that is repeated', async (t) => {
  const text = 'node,failed_at_s,repaired_at_s\n1,8,12\n1,15,\n2,11,19\n3,50,60\n4,0,100\n';
  const trace = readTrace(join(t.testdir({ x: text }), 'x'), 'csv');
  const when: TraceTime = {
    kind: 'trace', trace, format: 'csv', repeat: true, fromUs: 10e6, untilUs: 20e6, startUs: 0,
    speedUp: 1, nodes: 4,
  };
  const replay = new Replay(when);
  const first = (unit: number): number[][] => {
    const found: number[][] = [];
    while (found.length < 3 && replay.next(unit)) {
      found.push([replay.beginUs / 1e6, replay.endUs / 1e6]);
    }
    return found;
  };
  t.same(first(0), [[0, 2], [5, 12], [15, 22]], 'what lasts goes on in the next lap');
  t.same(first(1), [[1, 9], [11, 19], [21, 29]]);
  t.same(first(2), [], 'nothing in the window, nothing at all');
  t.same(first(3), [[0, Infinity]], 'all of the window, and for good');
});

t.test('a scenario names format, unit, system and repetition, and prints them', async (t) => {
  const directory = t.testdir({ 'p.txt': '0 1\n60 0\n90 1\nLOOPAFTER 30\n' });
  const text = (trace: string): string => `duration: 20m
system: { managers: 3, resources: [{ kind: service, count: 1 }] }
faults: [{ trace: ${trace}, crash: [{ each: hosts }] }]
`;
  writeFileSync(join(directory, 's.yaml'), text('{ file: p.txt, format: simgrid, unit: s }'));
  const scenario = loadScenario(join(directory, 's.yaml'));
  t.match(scenario.faults[0].when, { repeat: true, fromUs: 0, untilUs: 120e6, unit: 's' });
  t.strictSame(parseScenario(toYaml(scenario), 'again.yaml'), scenario);
  writeFileSync(join(directory, 's.yaml'), text('{ file: p.txt, format: simgrid, repeat: false }'));
  const once = loadScenario(join(directory, 's.yaml'));
  t.match(once.faults[0].when, { repeat: false });
  t.strictSame(parseScenario(toYaml(once), 'again.yaml'), once);
});
