import t from 'tap';
import { constant, note, probeWorld, SECOND, total, type Script } from './fixture.js';

/** Sends a numbered note to manager 0 every 100 ms. */
const chatter: Script = (environment, told) => {
  if (told.what === 'message') return;
  if (told.what === 'timer') environment.send(0, note(told.value));
  if (told.what !== 'actuated') environment.setTimer(SECOND / 10, 1, told.value + 1);
};

t.test('every message is delivered, dropped with its cause, or in flight', async (t) => {
  const latency = { kind: 'same', delay: constant(0.09) } as const;
  const network = { loss: 0.1, latency };
  const { world, run, diaries } = probeWorld({ network }, chatter);
  run(10 * SECOND);
  world.crashHost(0);
  run(20 * SECOND);
  world.restartHost(0);
  run(30 * SECOND);
  const { sent, delivered, dropped } = world.counters;
  const { messagesInFlight } = world.loop;
  const lost = total(dropped.loss);
  const late = total(dropped['receiver-down']);
  t.equal(total(sent), total(delivered) + lost + late + messagesInFlight);
  t.ok(late > 0 && lost > 0 && messagesInFlight > 0);
  t.equal(diaries[0]!.filter(({ what }) => what === 'message').length, total(delivered));
});

t.test('timers of one life do not fire in the next', async (t) => {
  const { world, run, diaries } = probeWorld({}, (environment, told) => {
    if (told.what === 'start') environment.setTimer(5 * SECOND, 1, environment.now());
  });
  run(2 * SECOND);
  world.crashHost(1);
  world.restartHost(1);
  run(20 * SECOND);
  const fired = diaries[1]!.filter(({ what }) => what === 'timer');
  t.strictSame(fired.map(({ atUs, value }) => [atUs, value]), [[7 * SECOND, 2 * SECOND]]);
});
