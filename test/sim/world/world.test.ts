import fc from 'fast-check';
import t from 'tap';
import { ProcessError } from '../../../sim/world/errors.js';
import {
  constant,
  note,
  probeWorld,
  SECOND,
  total,
  type ProbeWorld,
  type Script,
} from './fixture.js';

/** Sends a numbered note to manager 0 every 100 ms. */
const chatter: Script = (environment, told) => {
  if (told.what === 'message') return;
  if (told.what === 'timer') environment.send(0, note(told.value));
  if (told.what !== 'actuated') environment.setTimer(SECOND / 10, 1, told.value + 1);
};

t.test('every message is delivered, dropped with its cause, or in flight', async (t) => {
  const step = fc.record({
    what: fc.constantFrom('crash', 'restart', 'pause', 'resume', 'partition', 'heal'),
    address: fc.nat(5),
  });
  const latency = { kind: 'same', delay: { kind: 'uniform', low: 0, high: 1 } } as const;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.nat(1000), (steps, seed) => {
      const { world, run, diaries } = probeWorld(
        { seed, zones: 2, network: { loss: 0.1, latency } },
        chatter,
      );
      steps.forEach(({ what, address }, index) => {
        run((index + 2) * (SECOND / 2));
        if (what === 'crash') world.crashHost(address);
        if (what === 'restart') world.restartHost(address);
        if (what === 'pause') world.pauseProcess(address);
        if (what === 'resume') world.resumeProcess(address);
        if (what === 'partition') world.setPartition([0, 1]);
        if (what === 'heal') world.setPartition(null);
      });
      const { sent, delivered, dropped } = world.counters;
      const lost = Object.values(dropped).reduce((sum, counts) => sum + total(counts), 0);
      const received = diaries.flat().filter((told) => told.what === 'message').length;
      return (
        received === total(delivered) &&
        total(sent) === total(delivered) + lost + world.loop.messagesInFlight
      );
    }),
    { numRuns: 60 },
  );
  t.pass('for all of them');
});

t.test('hosts start within the first second, at instants of their own', async (t) => {
  const { run, diaries } = probeWorld({ resources: 50 });
  run(SECOND);
  const starts = diaries.map((diary) => diary.map(({ what, atUs }) => ({ what, atUs })));
  t.ok(starts.every((told) => told.length === 1 && told[0].what === 'start'));
  t.ok(new Set(starts.map((told) => told[0].atUs)).size > 45);
});

t.test('timers of one life do not fire in the next', async (t) => {
  const { world, run, diaries, recorder } = probeWorld({}, (environment, told) => {
    if (told.what === 'start') environment.setTimer(5 * SECOND, 1, environment.now());
  });
  run(2 * SECOND);
  world.crashHost(1);
  world.restartHost(1);
  run(20 * SECOND);
  const fired = diaries[1].filter(({ what }) => what === 'timer');
  t.strictSame(
    fired.map(({ atUs, value }) => [atUs, value]),
    [[7 * SECOND, 2 * SECOND]],
  );
  const ups = recorder.of('process-up').filter(({ process }) => process === 1);
  t.strictSame(
    ups.map(({ observation }) => observation),
    [
      { type: 'process-up', incarnation: 1 },
      { type: 'process-up', incarnation: 2 },
    ],
  );
});

t.test('a message in flight reaches the next life of its receiver', async (t) => {
  const network = { latency: { kind: 'same', delay: constant(1) } } as const;
  const { world, run, diaries, probes } = probeWorld({ network });
  run(2 * SECOND);
  probes[0].environment.send(1, note(1));
  probes[1].environment.send(0, note(2));
  world.crashHost(1);
  world.crashHost(0);
  run(2.5 * SECOND);
  world.restartHost(1);
  run(4 * SECOND);
  t.match(diaries[1].at(-1), { what: 'message', from: 0, value: 1, atUs: 3 * SECOND });
  t.equal(diaries[0].length, 1);
  t.equal(total(world.counters.dropped['receiver-down']), 1);
});

t.test('what reaches a paused process waits and is handled in order on resuming', async (t) => {
  const { world, run, diaries, probes } = probeWorld({}, (environment, told) => {
    if (told.what === 'start' && environment.address === 0) {
      environment.setTimer(4 * SECOND - environment.now(), 1, 99);
      environment.setTimer(5 * SECOND - environment.now(), 1, 100);
    }
    if (told.value === 2) environment.setTimer(0, 1, 7);
  });
  run(2 * SECOND);
  world.pauseProcess(0);
  for (const value of [1, 2, 3]) {
    run((2 + value) * SECOND);
    probes[1].environment.send(0, note(value));
  }
  run(6 * SECOND);
  t.equal(world.loop.messagesInFlight, 3);
  world.resumeProcess(0);
  t.equal(world.loop.messagesInFlight, 0);
  run(7 * SECOND);
  const told = diaries[0].slice(1).map(({ what, value, atUs }) => [what, value, atUs / SECOND]);
  t.strictSame(told, [
    ['message', 1, 6],
    ['timer', 99, 6],
    ['message', 2, 6],
    ['timer', 100, 6],
    ['message', 3, 6],
    ['timer', 7, 6],
  ]);
});

t.test('a timer cancelled by an earlier event of the same pause does not fire', async (t) => {
  let timer = -1;
  const { world, run, diaries } = probeWorld({}, (environment, told) => {
    if (environment.address !== 0) return;
    if (told.what === 'start') {
      environment.setTimer(2 * SECOND, 1, 1);
      timer = environment.setTimer(3 * SECOND, 1, 2);
    }
    if (told.value === 1) environment.cancelTimer(timer);
  });
  run(SECOND);
  world.pauseProcess(0);
  run(10 * SECOND);
  world.resumeProcess(0);
  t.strictSame(
    diaries[0].map(({ value }) => value),
    [0, 1],
  );
});

t.test('a process that crashes while paused loses what waited for it', async (t) => {
  const { world, run, diaries, probes } = probeWorld();
  run(2 * SECOND);
  world.pauseProcess(0);
  probes[1].environment.send(0, note(1));
  run(3 * SECOND);
  world.crashHost(0);
  world.restartHost(0);
  run(4 * SECOND);
  t.strictSame(
    diaries[0].map(({ what }) => what),
    ['start', 'start'],
  );
  t.equal(total(world.counters.dropped['receiver-down']), 1);
  t.notOk(world.isPaused(0));
});

/** Counts up in its store; syncs every other time. */
const counting: Script = (environment, told) => {
  if (environment.address !== 0) return;
  const { store } = environment;
  if (told.what === 'start') {
    store.put('starts', Number(store.get('starts') ?? 0) + 1);
    store.sync();
  }
  if (told.what === 'message') {
    store.put('count', told.value);
    if (told.value === 3) store.delete('starts');
    if (told.value % 2 === 0) store.sync();
  }
};

t.test('what was put and not synced is lost in a crash', async (t) => {
  const { world, run, probes } = probeWorld({}, counting);
  const tell = (value: number): void => {
    probes[1].environment.send(0, note(value));
    run(world.loop.now + SECOND);
  };
  run(SECOND);
  const { store } = probes[0].environment;
  tell(2);
  tell(3);
  t.equal(store.get('count'), 3);
  t.equal(store.get('starts'), undefined);
  world.crashHost(0);
  world.restartHost(0);
  t.equal(store.get('count'), 2);
  t.equal(store.get('starts'), 2);
  tell(3);
  tell(4);
  world.crashHost(0);
  t.equal(store.get('count'), 4);
  t.equal(store.get('starts'), undefined);
});

t.test('a host can crash inside any call, and nothing after that call happens', async (t) => {
  /** On a message: three sends around a put, a sync and a timer. */
  const busy: Script = (environment, told) => {
    if (environment.address !== 0 || told.what !== 'message') return;
    environment.send(1, note(10));
    environment.store.put('a', 1);
    environment.send(1, note(11));
    environment.store.sync();
    environment.setTimer(0, 1, 0);
    environment.random.next();
    environment.observe({ type: 'mark', name: 'done' });
    environment.send(1, note(12));
  };
  const crashAt = (calls: number): ProbeWorld => {
    const probed = probeWorld({ interruptible: true }, busy);
    probed.run(SECOND);
    probed.probes[1].environment.send(0, note(1));
    probed.world.crashInside(0, calls);
    probed.run(2 * SECOND);
    return probed;
  };
  const outcome = ({ world, diaries, recorder }: ProbeWorld): unknown => {
    const sent = diaries[1].filter(({ what }) => what === 'message').length;
    world.restartHost(0);
    const stored = world.within(0, ({ store }) => store.get('a') ?? 0);
    return [sent, stored, recorder.of('mark').length];
  };
  // The first call is the probe's own look at the clock.
  const outcomes = [0, 1, 2, 3, 4, 5, 7, 8, 9].map((calls) => outcome(crashAt(calls)));
  t.strictSame(outcomes, [
    [0, 0, 0],
    [0, 0, 0],
    [1, 0, 0],
    [1, 0, 0],
    [2, 0, 0],
    [2, 1, 0],
    [2, 1, 0],
    [2, 1, 1],
    [3, 1, 1],
  ]);
  t.throws(() => probeWorld().world.crashInside(0, 1), TypeError);
});

t.test('an error in a process names the process, the time and the event', async (t) => {
  const { run } = probeWorld({}, (environment, told) => {
    if (environment.address === 1 && told.what === 'start') environment.setTimer(1.5, 1, 0);
  });
  try {
    run(SECOND);
    t.fail('should throw');
  } catch (error) {
    t.ok(error instanceof ProcessError);
    t.match(String(error), /^ProcessError: manager-2, start at \d+ us: .*not 1.5/);
  }
});

t.test('a message to nobody is an error of the sender', async (t) => {
  const { probes, run } = probeWorld();
  run(SECOND);
  t.throws(() => probes[0].environment.send(99, note(0)), /no process has the address 99/);
  t.throws(() => probes[0].environment.send(-1, note(0)), RangeError);
});

t.test('cancelling a timer that has fired does not touch its successor', async (t) => {
  const { probes, run, diaries } = probeWorld();
  run(SECOND);
  const { environment } = probes[0];
  const first = environment.setTimer(1, 1, 1);
  run(2 * SECOND);
  const second = environment.setTimer(1, 1, 2);
  environment.cancelTimer(first);
  run(3 * SECOND);
  environment.cancelTimer(second);
  const third = environment.setTimer(1, 1, 3);
  environment.cancelTimer(third);
  environment.cancelTimer(third);
  run(4 * SECOND);
  t.strictSame(
    diaries[0].slice(1).map(({ value }) => value),
    [1, 2],
  );
});
