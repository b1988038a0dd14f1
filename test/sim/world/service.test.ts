/** Probes measure how long messages wait for their receivers. */
import ln from '@stdlib/math-base-special-ln';
import t from 'tap';
import { ServiceQueues } from '../../../sim/world/service-queues.js';
import { note, probeWorld, SECOND, total, type ScenarioChoices, type Script } from './fixture.js';

const SENDER = 1;
const MS = 1000;
const delayUs = 10 * MS;

/** What manager-1 takes for a message, and manager-2 sends: at random, so often per second. */
function poisson(serviceUs: number, perSecond: number, seconds: number, factor = 1) {
  const script: Script = (environment, told) => {
    if (environment.address !== SENDER) return;
    if (told.what === 'timer') environment.send(0, note(environment.now()));
    const gapUs = (-ln(1 - environment.random.next()) / perSecond) * SECOND;
    environment.after(Math.round(gapUs), 0, 0);
  };
  const probes = probeWorld({ resources: 1, service: { managerUs: serviceUs } }, script);
  if (factor !== 1) probes.world.slowHost(0, factor);
  probes.run(seconds * SECOND);
  const waitsUs = probes.diaries[0]
    .filter(({ what }) => what === 'message')
    .map(({ atUs, value }) => atUs - value - delayUs - serviceUs * factor);
  return { ...probes, waitsUs };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Pollaczek and Khinchine, for a service time that does not vary. */
const expectedUs = (serviceUs: number, load: number): number =>
  (load * serviceUs) / (2 * (1 - load));

t.test('messages wait as long as in an M/D/1 queue', async (t) => {
  for (const load of [0.3, 0.7, 0.9]) {
    const { waitsUs } = poisson(10 * MS, 100 * load, load === 0.9 ? 4000 : 1000);
    const wantedUs = expectedUs(10 * MS, load);
    t.ok(waitsUs.length > 25_000);
    t.ok(Math.min(...waitsUs.slice(0, 1e5)) >= 0);
    const ratio = mean(waitsUs) / wantedUs;
    t.ok(ratio > 0.93 && ratio < 1.07, `load ${load}: ${ratio} of ${wantedUs} us`);
    // So many find nobody before them: arrivals see the queue as it is at any time.
    const free = waitsUs.filter((us) => us === 0).length / waitsUs.length;
    t.ok(Math.abs(free - (1 - load)) < 0.02, `load ${load}: ${free} wait for nobody`);
  }
});

t.test('a slow host takes its factor as long', async (t) => {
  const { waitsUs } = poisson(1 * MS, 70, 1000, 10);
  const ratio = mean(waitsUs) / expectedUs(10 * MS, 0.7);
  t.ok(ratio > 0.93 && ratio < 1.07, `${ratio}`);
});

t.test('what waits when a host is no longer slow takes its usual time from then on', (t) => {
  let nowUs = 0;
  const served: number[] = [];
  const wakes: number[] = [];
  const queues = new ServiceQueues({
    now: () => nowUs, wake: (atUs) => void wakes.push(atUs),
    serve: (_address, _sender, slot) => void served.push(slot), isServing: () => true,
  }, 1, () => 10);
  const until = (endUs: number): void => {
    for (;;) {
      wakes.sort((a, b) => a - b);
      if (wakes.length === 0 || wakes[0] > endUs) break;
      nowUs = wakes.shift()!;
      queues.served(0);
    }
    nowUs = endUs;
  };
  queues.slow(0, 100);
  for (const slot of [1, 2, 3]) queues.arrive(0, 9, slot, true);
  until(500);
  t.same(served, []);
  queues.slow(0, 1);
  until(504);
  t.same(served, []);
  until(505);
  t.same(served, [1], 'half of it was done');
  until(525);
  t.same(served, [1, 2, 3]);
  queues.arrive(0, 9, 4, true);
  queues.slow(0, 3);
  until(554);
  t.same(served, [1, 2, 3]);
  until(555);
  t.same(served, [1, 2, 3, 4], 'and who becomes slow takes longer for the rest');
  t.end();
});

t.test('above its capacity the queue grows without end', async (t) => {
  const { waitsUs } = poisson(20 * MS, 100, 100);
  // 100 come and 50 go per second: it is never idle from the start of the sender on.
  t.ok(waitsUs.length > 50 * (100 - 1.1) && waitsUs.length <= 5000, `${waitsUs.length}`);
  t.ok(waitsUs.at(-1)! > 45 * SECOND);
});

/** manager-2 sends these numbers at once, at 2 s; manager-1 takes 1 s for each. */
function burst(count: number, script: Script = () => {}, more: ScenarioChoices = {}) {
  const probes = probeWorld(
    { resources: 1, service: { managerUs: SECOND }, ...more },
    script,
  );
  probes.world.callAt(2 * SECOND, () => {
    const { environment } = probes.probes[1];
    for (let value = 1; value <= count; value += 1) environment.send(0, note(value));
  });
  const served = (): string[] => probes.diaries[0]
    .filter(({ what }) => what !== 'start')
    .map(({ atUs, what, value }) => `${(atUs / SECOND).toFixed(2)} ${what} ${value}`);
  return { ...probes, served };
}

t.test('messages are served in the order of arrival, timers wait with them', async (t) => {
  const { world, probes, run, served } = burst(3);
  world.callAt(2.5 * SECOND, () => probes[0].environment.after(SECOND, 0, 9));
  run(20 * SECOND);
  t.strictSame(served(), ['3.01 message 1', '4.01 message 2', '5.01 message 3', '5.01 timer 9']);
});

t.test('a crash loses what waits, and the next life begins with nothing to do', async (t) => {
  const { world, probes, run, served } = burst(3);
  world.callAt(3.5 * SECOND, () => world.crashHost(0));
  world.callAt(3.6 * SECOND, () => world.restartHost(0));
  world.callAt(3.7 * SECOND, () => probes[1].environment.send(0, note(4)));
  run(20 * SECOND);
  t.strictSame(served(), ['3.01 message 1', '4.71 message 4']);
  const { counters, loop } = world;
  t.equal(total(counters.dropped['receiver-down']), 2);
  t.equal(total(counters.delivered), 2);
  t.equal(loop.messagesInFlight, 0);
});

t.test('who stands still serves nothing, and begins again with what it was at', async (t) => {
  const { world, probes, run, served } = burst(2);
  world.callAt(2.5 * SECOND, () => world.pauseProcess(0));
  world.callAt(5 * SECOND, () => probes[1].environment.send(0, note(3)));
  world.callAt(10 * SECOND, () => world.resumeProcess(0));
  run(20 * SECOND);
  t.strictSame(served(), ['11.00 message 1', '12.00 message 2', '13.00 message 3']);
});

t.test('a long line costs no more per message than a short one', async (t) => {
  const { diaries, run } = burst(5000, () => {}, { service: { managerUs: 1 } });
  run(3 * SECOND);
  const values = diaries[0].filter(({ what }) => what === 'message').map(({ value }) => value);
  t.strictSame(values, Array.from({ length: 5000 }, (_, index) => index + 1));
});

t.test('either queue of events gives the same', async (t) => {
  const story = (queue: 'wheel' | 'heap') => {
    const { world, run, served } = burst(50, (environment, told) => {
      if (environment.address === 0 && told.what === 'message') {
        environment.after(told.value * 100 * MS, 0, told.value);
        environment.send(1, note(told.value));
      }
    }, { queue });
    run(100 * SECOND);
    return { digest: world.loop.digest, told: served() };
  };
  t.strictSame(story('wheel'), story('heap'));
});
