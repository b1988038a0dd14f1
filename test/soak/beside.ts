/**
 * The same scenario live and simulated, many times each: whether means differ by more than a tenth,
 * or than the machine's lag. `--runs N` of each; `--docs` puts the table into docs/live.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { RunRecord } from '../../analysis/index.js';
import { studentQuantile } from '../../analysis/statistics/student.js';
import { isBroken, isVoid } from '../../analysis/verdict.js';
import { smoke } from '../live/fixture.js';
import { recorded } from '../live/recorded.js';
import type { Check, Finding } from './check.js';
import { simulate } from './simulate.js';

const page = 'docs/live.md';
const mark = /(<!-- beside -->\n)[^]*?(<!-- end of beside -->)/;

/** Of differences, all together. */
const ERROR = 0.05;
/** Of the simulated mean. */
const TOLERANCE = 0.1;
/** Types of which there are fewer in a run are counted together: a tenth of them is nothing. */
const LEAST_MESSAGES = 50;

/** Three recoveries in a run: the mean of them scatters less. */
const short = [
  'duration=32s', 'warmUp=3s',
  `faults=[${[5, 13, 21].flatMap((s) => [
    `{at: ${s}s, crash: coordinator, repairAfter: 3s}`,
    `{at: ${s + 5}s, crash: {resources: 4}}`,
  ]).join(', ')}]`,
];

export const beside: Check = async (scale, progress, words = []) => {
  const runs = runsOf(words) ?? (scale === 'short' ? 2 : 30);
  const simulated: RunRecord[] = [];
  const live: RunRecord[] = [];
  let voids = 0;
  for (let seed = 1; simulated.length < runs; seed += 1) {
    simulated.push((await simulate(smoke(...short, `seed=${seed}`).scenario)).record);
  }
  for (let seed = 1; live.length < runs && voids <= runs; seed += 1) {
    progress(`live run ${live.length + 1} of ${runs}, ${voids} void`);
    const { record } = await recorded(smoke(...short, `seed=${seed}`).scenario);
    if (isVoid(record)) voids += 1;
    else live.push(record);
  }
  const lagS = Math.max(0, ...live.map(({ summary }) => summary.live?.lag.seconds.p99 ?? 0));
  const broken = live.filter(isBroken).length;
  const findings: Finding[] = [{
    what: 'live runs', wanted: `${runs} that are not void, none broken`,
    measured: `${live.length}, ${broken} broken, ${voids} void besides; p99 of the lag at ` +
      `most ${(lagS * 1000).toFixed(1)} ms`,
    ok: live.length === runs && broken === 0,
  }];
  if (live.length < 2) return findings;
  const rows = compared(measuresOf(simulated, live), lagS);
  if (words.includes('--docs')) writeTable(rows, runs, lagS, voids);
  return [...findings, ...rows.map((row): Finding => ({
    what: `${row.name}: live less simulated`,
    measured: `${signed(row.difference)}, ${signed(row.low)} to ${signed(row.high)} of ` +
      `${figure(row.simulated)}`,
    wanted: `within ${figure(row.tolerance)} either way`, ok: row.ok,
  }))];
};

function runsOf(words: readonly string[]): number | null {
  const at = words.indexOf('--runs');
  return at < 0 ? null : Number(words[at + 1]);
}

interface Measure {
  readonly name: string;
  /** Else messages. */
  readonly inSeconds: boolean;
  readonly simulated: readonly number[];
  readonly live: readonly number[];
}

function measuresOf(simulated: readonly RunRecord[], live: readonly RunRecord[]): Measure[] {
  const of = (name: string, inSeconds: boolean, read: (record: RunRecord) => number): Measure =>
    ({ name, inSeconds, simulated: simulated.map(read), live: live.map(read) });
  const sent = (type: string) => ({ messages }: RunRecord): number =>
    messages.find((row) => row.type === type)?.sent ?? 0;
  const types = [...new Set(simulated.flatMap(({ messages }) => messages.map(({ type }) => type)))];
  const isMany = (type: string): boolean => mean(simulated.map(sent(type))) >= LEAST_MESSAGES;
  const few = types.filter((type) => !isMany(type));
  return [
    of('recovery', true, ({ summary }) => summary.recovery.seconds.mean ?? Number.NaN),
    of('detection', true, ({ summary }) => summary.detection.seconds.mean ?? Number.NaN),
    ...types.filter(isMany).map((type) => of(type, false, sent(type))),
    of(`the ${few.length} types with fewer than ${LEAST_MESSAGES}`, false, (record) =>
      few.reduce((sum, type) => sum + sent(type)(record), 0)),
  ];
}

interface Row {
  readonly name: string;
  readonly simulated: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly tolerance: number;
  readonly ok: boolean;
}

/**
 * By Welch's t. The further a difference is within its tolerance, by its own error, the earlier it
 * comes in Holm's order, and the wider is its interval.
 */
function compared(measures: readonly Measure[], lagS: number): Row[] {
  const judged = measures.map(({ name, inSeconds, simulated, live }) => {
    const tolerance = Math.max(TOLERANCE * mean(simulated), inSeconds ? lagS : 0);
    const difference = mean(live) - mean(simulated);
    const [a, b] = [live, simulated].map((values) => variance(values) / values.length);
    const error = Math.sqrt(a + b);
    const degrees = a + b === 0 ? 1
      : (a + b) ** 2 / (a ** 2 / (live.length - 1) + b ** 2 / (simulated.length - 1));
    const margin = (tolerance - Math.abs(difference)) / error;
    return { name, simulated: mean(simulated), difference, tolerance, error, degrees, margin };
  });
  const ordered = [...judged].sort((a, b) => b.margin - a.margin);
  return judged.map((one) => {
    const { name, simulated, difference, tolerance, error, degrees } = one;
    const level = ERROR / (judged.length - ordered.indexOf(one));
    const half = error === 0 ? 0 : studentQuantile(1 - level / 2, degrees) * error;
    const [low, high] = [difference - half, difference + half];
    const ok = low >= -tolerance && high <= tolerance;
    return { name, simulated, difference, low, high, tolerance, ok };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

function figure(value: number): string {
  return value.toPrecision(3);
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${figure(value)}`;
}

function writeTable(
  rows: readonly Row[], runs: number, lagS: number, voids: number,
): void {
  const lines = rows.map(({ name, simulated, difference, low, high, tolerance, ok }) =>
    `| ${name} | ${figure(simulated)} | ${signed(difference)} | ${signed(low)} to ` +
    `${signed(high)} | ${figure(tolerance)} | ${ok ? 'yes' : 'no'} |`);
  const text = [
    `${runs} live runs beside ${runs} simulated, seeds from 1 on, and ${voids} that were void ` +
      'left out; seconds, and messages in a ' +
      `run. 99% of the timers were late by less than ${(lagS * 1000).toFixed(1)} ms in every run.`,
    '',
    '| mean of | simulated | live less simulated | 95% interval (Holm) | may differ by | holds |',
    '|---|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
  const before = readFileSync(page, 'utf8');
  writeFileSync(page, before.replace(mark, (_whole, begin: string, end: string) =>
    `${begin}${text}${end}`));
}
