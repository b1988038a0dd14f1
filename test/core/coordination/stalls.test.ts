/**
 * Watchers that stand still, however often and for however long, and whose clocks are set: the dead
 * are given up after the watcher's own time to hear them and a look a stall, the living never.
 */
import fc from 'fast-check';
import t from 'tap';
import type { DetectionSettings } from '../../../core/detection/index.js';
import { holds } from '../overlay/holds.js';
import { msUs, secondUs } from '../overlay/memory-world.js';
import { AgentBench } from './agent-bench.js';
import { config, tokenOf } from './fixtures.js';
import { agent, coordinator, manager, ManagerBench } from './manager-bench.js';
import { inTime } from '../../length.js';

const { timeoutUs, checkPeriodUs, heartbeatPeriodUs, answerTimeoutUs } = config.resources;
const token = tokenOf(5, 1);

/** What happens to a watcher: it runs for a while, then stands still, or its clock is set. */
interface Spell {
  readonly runMs: number;
  readonly stallMs: number;
  readonly stepMs: number;
}

const spells = fc.array(fc.record({
  runMs: fc.integer({ min: 20, max: 2500 }),
  stallMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 300 }), fc.nat(5000)),
  stepMs: fc.oneof(fc.constant(0), fc.integer({ min: -9000, max: 9000 })),
}), { minLength: 3, maxLength: 40 });

/** As regular as in real life: what comes again and again must not blind anybody. */
const regular = fc.record({
  runMs: fc.integer({ min: 50, max: 1500 }), stallMs: fc.nat(3000),
  stepMs: fc.constant(0),
}).map((spell) => Array.from({ length: 60 }, () => spell));

const patterns = fc.oneof(spells, regular);

const detections: readonly DetectionSettings[] = [
  { name: 'fixed' },
  {
    name: 'phi-accrual', threshold: 8, minDeviationUs: 100 * msUs, acceptablePauseUs: 500 * msUs,
    maxTimeoutUs: timeoutUs, window: 100,
  },
];

/** The running time of a watcher in such a world, in the end for `restUs` more. */
function play(
  { world }: ManagerBench | AgentBench, pattern: readonly Spell[], restUs: number,
): { runUs: number; stalls: number; runAt: (timeUs: number) => number } {
  const runs: { fromUs: number; untilUs: number }[] = [];
  let stalls = 0;
  const run = (us: number): void => {
    runs.push({ fromUs: world.nowUs, untilUs: world.nowUs + us });
    world.runFor(us);
  };
  for (const { runMs, stallMs, stepMs } of pattern) {
    run(runMs * msUs);
    if (stallMs + Math.abs(stepMs) > 0) stalls += 1;
    world.nowUs += stallMs * msUs;
    world.stepUs += stepMs * msUs;
  }
  run(restUs);
  const runAt = (timeUs: number): number => runs.reduce((sum, { fromUs, untilUs }) =>
    sum + Math.max(0, Math.min(timeUs, untilUs) - fromUs), 0);
  return { runUs: runAt(Infinity), stalls, runAt };
}

for (const detection of detections) {
  t.test(`a manager gives up the dead in its running time: ${detection.name}`, async (t) => {
    holds(t, fc.property(patterns, (pattern) => {
      const bench = new ManagerBench(undefined, { detection });
      bench.assign(7, token);
      const { runAt } = play(bench, pattern, 2 * timeoutUs);
      const [suspected] = bench.world.observed('resource-suspected');
      // A look of its own, and one more if a stall came just then.
      return runAt(suspected.timeUs) <= timeoutUs + 2 * checkPeriodUs;
    }), inTime(30, 100));
  });

  t.test(`nor suspects anybody who was to be heard: ${detection.name}`, async (t) => {
    holds(t, fc.property(patterns, fc.boolean(), (pattern, late) => {
      const bench = new ManagerBench(undefined, { detection });
      bench.assign(7, token);
      // What arrives while it stands still waits: in turn, or behind what is due on waking.
      const endUs = 400 * secondUs;
      for (let atUs = 200 * msUs; atUs < endUs; atUs += heartbeatPeriodUs) {
        bench.world.at(atUs, () => {
          const waits = late && bench.world.nowUs > atUs;
          if (waits) bench.world.at(bench.world.nowUs, () => bench.beat(7, token));
          else bench.beat(7, token);
        });
      }
      play(bench, pattern, 2 * timeoutUs);
      return bench.world.observed('resource-suspected').length === 0 &&
        bench.world.observed('coordinator-suspected').length === 0;
    }), inTime(30, 100));
  });
}

t.test('a manager gives up its coordinator in its running time', async (t) => {
  const { answerTimeoutUs, heartbeatPeriodUs: periodUs } = config.managers;
  holds(t, fc.property(patterns, (pattern) => {
    const bench = new ManagerBench();
    bench.world.runFor(2 * secondUs);
    bench.world.crash(coordinator);
    const { runAt } = play(bench, pattern, 2 * answerTimeoutUs);
    const [suspected] = bench.world.observed('coordinator-suspected');
    return suspected !== undefined &&
      runAt(suspected.timeUs) <= answerTimeoutUs + 2 * checkPeriodUs && periodUs > 0;
  }), inTime(30, 100));
});

t.test('a manager presumes a host dead in its running time', async (t) => {
  holds(t, fc.property(patterns, (pattern) => {
    const bench = new ManagerBench();
    bench.assign(7, token);
    bench.world.runFor(timeoutUs + 2 * checkPeriodUs);
    const { length } = bench.world.messages('agent-probe');
    play(bench, pattern, 20 * secondUs);
    const probes = bench.world.messages('agent-probe').slice(length);
    return probes.every(({ to }) => to === agent) && probes.length >= 15;
  }), inTime(15, 50));
});

t.test('an agent gives its manager up in its running time', async (t) => {
  holds(t, fc.property(patterns, fc.nat(), (pattern, seed) => {
    const bench = new AgentBench(seed);
    bench.assign(1, tokenOf(1, 1), 5);
    const { runAt } = play(bench, pattern, 3 * answerTimeoutUs);
    const [lost] = bench.world.observed('pointer-lost');
    // An agent's own looks are its beats.
    return lost !== undefined &&
      runAt(lost.timeUs) <= answerTimeoutUs + heartbeatPeriodUs + 2 * checkPeriodUs;
  }), inTime(40, 120));
});

/** Manager 1 answers; what comes while the agent stands still waits, perhaps behind all else. */
function answering(bench: AgentBench, late: boolean): void {
  const { world } = bench;
  world.loses = ({ timeUs, to, message }) => {
    if (to !== 1 || message.type !== 'resource-heartbeat') return false;
    const { resource, sequence } = message;
    const atUs = timeUs + 20 * msUs;
    const say = (): void => bench.say(1, {
      type: 'resource-heartbeat-answer', resource, sequence, ballot: null, alternate: -1,
    });
    world.at(atUs, () => {
      if (late && world.nowUs > atUs) world.at(world.nowUs, say);
      else say();
    });
    return false;
  };
}

t.test('nor gives up one that answers, however late it comes to hear that', async (t) => {
  holds(t, fc.property(patterns, fc.nat(), fc.boolean(), (pattern, seed, late) => {
    const bench = new AgentBench(seed);
    bench.assign(1, tokenOf(1, 1), 5);
    answering(bench, late);
    play(bench, pattern, 3 * answerTimeoutUs);
    return bench.world.observed('pointer-lost').length === 0;
  }), inTime(40, 120));
});

/** One long stall, in which all that arrives waits behind what is due on waking. */
const once = fc.integer({ min: 1000, max: 4000 }).map((runMs) =>
  [{ runMs, stallMs: 5000, stepMs: 0 }]);

t.test('who wakes lets what waits in line be heard before it judges', async (t) => {
  const slackUs = 50 * msUs;
  const tight = { ...config.resources, timeoutUs: heartbeatPeriodUs + slackUs };
  holds(t, fc.property(once, (pattern) => {
    const bench = new ManagerBench(undefined, { resources: tight });
    bench.assign(7, token);
    for (let beats = 0; beats < 60; beats += 1) {
      const atUs = beats * heartbeatPeriodUs + bench.world.nowUs;
      bench.world.at(atUs, () => {
        if (bench.world.nowUs === atUs) bench.beat(7, token);
        else bench.world.at(bench.world.nowUs, () => bench.beat(7, token));
      });
    }
    play(bench, pattern, 40 * secondUs);
    return bench.world.observed('resource-suspected').length === 0;
  }), inTime(30, 100));
  const hasty = { ...config.resources, answerTimeoutUs: 2 * heartbeatPeriodUs };
  holds(t, fc.property(once, fc.nat(), (pattern, seed) => {
    const bench = new AgentBench(seed, hasty);
    bench.assign(1, tokenOf(1, 1), 5);
    answering(bench, true);
    play(bench, pattern, 40 * secondUs);
    return bench.world.observed('pointer-lost').length === 0;
  }), inTime(30, 100));
});

t.test('a coordinator gives up a dead manager in its running time', async (t) => {
  holds(t, fc.property(patterns, (pattern) => {
    const bench = new ManagerBench();
    bench.world.crash(coordinator);
    bench.world.runFor(10 * secondUs);
    const part = { incarnation: 1, from: 0, to: 0, entries: [] };
    const [{ ballot }] = bench.world.observed('coordinator-elected');
    bench.say(2, {
      type: 'manager-heartbeat', sequence: 1, ballot, version: 0, unanswered: 0, part,
    });
    const { runAt } = play(bench, pattern, 2 * config.managers.timeoutUs);
    const [suspected] = bench.world.observed('manager-suspected')
      .filter(({ process, manager: whom }) => process === manager && whom === 2);
    return runAt(suspected.timeUs) <= config.managers.timeoutUs + 2 * checkPeriodUs;
  }), inTime(30, 100));
});

t.test('where timers are early or late, waits last their time less a millisecond', async (t) => {
  const answersUntil = fc.integer({ min: 500, max: 9000 });
  holds(t, fc.property(fc.nat(), answersUntil, (seed, answeredMs) => {
    const bench = new AgentBench(seed);
    bench.world.timerErrorUs = msUs;
    bench.assign(1, tokenOf(1, 1), 5);
    bench.answerUntil(1, answeredMs * msUs);
    bench.world.runFor(20 * secondUs);
    const beats = bench.world.messages('resource-heartbeat').filter(({ to }) => to === 1);
    const heardUs = beats.filter(({ timeUs }) => timeUs < answeredMs * msUs).at(-1)?.timeUs ?? 0;
    const waitedUs = bench.world.observed('pointer-lost')[0].timeUs - heardUs;
    return waitedUs >= answerTimeoutUs - msUs && waitedUs <= answerTimeoutUs + 10 * msUs;
  }), inTime(30, 100));
  holds(t, fc.property(fc.integer({ min: 1, max: 3000 }), (beatMs) => {
    const bench = new ManagerBench();
    bench.world.timerErrorUs = msUs;
    bench.assign(7, token);
    bench.world.runFor(beatMs * msUs);
    bench.beat(7, token);
    const heardUs = bench.world.nowUs;
    bench.world.runFor(2 * timeoutUs);
    const waitedUs = bench.world.observed('resource-suspected')[0].timeUs - heardUs;
    return waitedUs >= timeoutUs - msUs && waitedUs <= timeoutUs + checkPeriodUs + 40 * msUs;
  }), inTime(30, 100));
});
