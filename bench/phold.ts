import type { EventQueue } from '../sim/engine/queue.js';
import { WheelQueue } from '../sim/engine/wheel-queue.js';
import {
  cpuSeconds,
  median,
  type BenchOptions,
  type BenchResult,
  type BenchTarget,
} from './benchmark.js';
import {
  addToChecksum,
  delayOf,
  delayTable,
  PholdRandom,
  receiverOf,
  type PholdCase,
  type PholdOutcome,
} from './phold-model.js';
import { compileCpp, type CppProgram } from './yardstick/compile-cpp.js';
import { pholdWithClosures } from './yardstick/phold-closures.js';

/** Promised in the issues: at least so many times the yardsticks, by pending events. */
const TIMES_CLOSURES: Readonly<Record<number, number>> = { 100_000: 8, 1_000_000: 8 };
const TIMES_CPP: Readonly<Record<number, number>> = { 1_000: 0.7, 100_000: 0.9, 1_000_000: 0.9 };

/**
 * Events per second of the default event queue, of fastpriorityqueue with closures and of C++
 * `std::priority_queue`, at several numbers of pending events; repetitions of the three interleaved
 * and their medians taken, since the machine may have other things to do.
 *
 * @throws Error when the sides did not do the same work
 */
export function run(options: BenchOptions): BenchResult {
  const delays = delayTable();
  const cpp = compileCpp('phold');
  try {
    warmUpCompiler(delays);
    const rows = casesOf(options.full).map((phold) => {
      options.progress(`phold, ${phold.pending} pending`);
      return measure(phold, delays, cpp, options.full ? 5 : 3);
    });
    return {
      name: 'phold',
      summary:
        'Millions of events per second of processor time; each event popped schedules one at an ' +
        'exponential delay.\nMedians of interleaved repetitions, of the ratios too; the same ' +
        'work on all sides, proved by checksum.',
      columns: [
        { key: 'pending', title: 'pending' },
        { key: 'wheel', title: 'wheel queue, M/s', digits: 2 },
        { key: 'closures', title: 'fastpriorityqueue + closures, M/s', digits: 2 },
        { key: 'cpp', title: 'C++ priority_queue, M/s', digits: 2 },
        { key: 'timesClosures', title: 'times closures', digits: 1 },
        { key: 'timesCpp', title: 'times C++', digits: 2 },
      ],
      rows,
      targets: rows.flatMap(targetsOf),
    };
  } finally {
    cpp?.remove();
  }
}

/** A type, not an interface, so that it is a record of columns too. */
type Row = {
  readonly pending: number;
  readonly events: number;
  readonly wheel: number;
  readonly closures: number;
  readonly cpp: number | null;
  readonly timesClosures: number;
  readonly timesCpp: number | null;
  readonly checksum: number;
};

function casesOf(full: boolean): PholdCase[] {
  const sizes = full ? [100, 1_000, 10_000, 100_000, 1_000_000] : [1_000, 100_000, 1_000_000];
  return sizes.map((pending) => ({
    pending,
    // The heaps are slow when they are large, and noise is worst when a run is short.
    events: (full ? 2 : 1) * (pending <= 10_000 ? 3_000_000 : 1_000_000),
    warmUp: Math.max(1_000, pending / 10),
  }));
}

/** So that what is measured is compiled code on either side, in any order of cases. */
function warmUpCompiler(delays: Int32Array): void {
  const small = { pending: 1_000, events: 100_000, warmUp: 0 };
  for (let i = 0; i < 5; i++) {
    pholdOn(new WheelQueue(), small, delays);
    pholdWithClosures(small, delays);
  }
}

function measure(
  phold: PholdCase,
  delays: Int32Array,
  cpp: CppProgram | null,
  repetitions: number,
): Row {
  const outcomes: { wheel: PholdOutcome[]; closures: PholdOutcome[]; cpp: PholdOutcome[] } = {
    wheel: [],
    closures: [],
    cpp: [],
  };
  for (let i = 0; i < repetitions; i++) {
    outcomes.wheel.push(pholdOn(new WheelQueue(), phold, delays));
    outcomes.closures.push(pholdWithClosures(phold, delays));
    if (cpp !== null) outcomes.cpp.push(pholdInCpp(cpp, phold, delays));
  }
  const checksum = outcomes.wheel[0].checksum;
  for (const [side, results] of Object.entries(outcomes)) {
    if (results.some((outcome) => outcome.checksum !== checksum)) {
      throw new Error(`phold at ${phold.pending} pending: ${side} did other work than the wheel`);
    }
  }
  const millions = (results: PholdOutcome[]): number =>
    median(results.map((outcome) => outcome.eventsPerSecond)) / 1e6;
  const times = (others: PholdOutcome[]): number =>
    median(outcomes.wheel.map((one, i) => one.eventsPerSecond / others[i].eventsPerSecond));
  return {
    pending: phold.pending,
    events: phold.events,
    wheel: millions(outcomes.wheel),
    closures: millions(outcomes.closures),
    cpp: cpp === null ? null : millions(outcomes.cpp),
    timesClosures: times(outcomes.closures),
    timesCpp: cpp === null ? null : times(outcomes.cpp),
    checksum,
  };
}

function pholdOn(queue: EventQueue, phold: PholdCase, delays: Int32Array): PholdOutcome {
  const { pending } = phold;
  const model = { random: new PholdRandom(), delays, pending, order: 0, checksum: 0 };
  for (let i = 0; i < pending; i++) {
    queue.push(delayOf(model.random.next(), delays), i, i, model.order++, i, 0);
  }
  advance(queue, model, phold.warmUp);
  const start = cpuSeconds();
  advance(queue, model, phold.events);
  const seconds = cpuSeconds() - start;
  return { eventsPerSecond: phold.events / seconds, checksum: model.checksum };
}

interface Model {
  readonly random: PholdRandom;
  readonly delays: Int32Array;
  readonly pending: number;
  order: number;
  checksum: number;
}

function advance(queue: EventQueue, model: Model, events: number): void {
  const { random, delays, pending } = model;
  let { order, checksum } = model;
  for (let i = 0; i < events; i++) {
    queue.pop();
    const receiver = queue.receiver;
    checksum = addToChecksum(checksum, receiver);
    const draw = random.next();
    const time = queue.time + delayOf(draw, delays);
    queue.push(time, receiverOf(draw, pending), receiver, order++, queue.slot, 0);
  }
  model.order = order;
  model.checksum = checksum;
}

function pholdInCpp(cpp: CppProgram, phold: PholdCase, delays: Int32Array): PholdOutcome {
  const args = [phold.pending, phold.events, phold.warmUp].map(String);
  const [eventsPerSecond, checksum] = cpp.run(args, delays.join(' ')).trim().split(' ').map(Number);
  return { eventsPerSecond, checksum };
}

function targetsOf(row: Row): BenchTarget[] {
  const targets: BenchTarget[] = [];
  const what = `phold at ${row.pending} pending`;
  const closures = TIMES_CLOSURES[row.pending];
  if (closures !== undefined) {
    targets.push({
      what: `${what}, times fastpriorityqueue with closures`,
      atLeast: closures,
      measured: row.timesClosures,
    });
  }
  const cpp = TIMES_CPP[row.pending];
  if (cpp !== undefined) {
    targets.push({
      what: `${what}, times C++ std::priority_queue`,
      atLeast: cpp,
      measured: row.timesCpp,
    });
  }
  return targets;
}
