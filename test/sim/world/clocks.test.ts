/** Probes look at the clocks of their hosts, and find that exactly the given fault happened. */
import t from 'tap';
import { FaultDriver } from '../../../experiment/faults/index.js';
import type { FaultSettings } from '../../../experiment/scenario/resolved.js';
import {
  constant, probeWorld, scenarioOf, SECOND, type ProbeWorld, type ScenarioChoices, type Script,
} from './fixture.js';

type ClockAction = Extract<FaultSettings['action'], { kind: 'clock' }>;

/** A wrong clock of manager-1, from 10 s until 40 s. */
function wrong(change: Partial<ClockAction>): FaultSettings {
  const targets = [{ kind: 'named', name: 'manager-1' }] as const;
  const action = { kind: 'clock', targets, aheadUs: 0, drift: 0, ...change } as const;
  return { action, when: { kind: 'at', atUs: 10 * SECOND }, repair: constant(30) };
}

/** A world with the faults of its scenario. */
function driven(choices: ScenarioChoices, script: Script = () => {}): ProbeWorld {
  const probes = probeWorld(choices, script);
  const driver = new FaultDriver(scenarioOf(choices), probes.inventory, probes.world);
  probes.world.onFaultDue = (ticket) => driver.due(ticket);
  driver.start();
  return probes;
}

/** What the clock of manager-1 showed more than that of manager-2, at each of these seconds. */
function readings(choices: ScenarioChoices, seconds: readonly number[]): number[] {
  const probes = driven(choices);
  const show = (address: number): number =>
    probes.world.within(address, (environment) => environment.now());
  return seconds.map((second) => {
    probes.run(second * SECOND);
    return (show(0) - show(1)) / SECOND;
  });
}

t.test('a step shows at once, and is undone at the end', async (t) => {
  const seconds = [9, 11, 39, 41];
  t.strictSame(readings({ faults: [wrong({ aheadUs: 5 * SECOND })] }, seconds), [0, 5, 5, 0]);
  t.strictSame(readings({ faults: [wrong({ aheadUs: -7 * SECOND })] }, seconds), [0, -7, -7, 0]);
});

t.test('a drifting clock gains in proportion to time, and is set right at the end', async (t) => {
  const seconds = [10, 20, 30, 39, 41];
  t.strictSame(readings({ faults: [wrong({ drift: 0.1 })] }, seconds), [0, 1, 2, 2.9, 0]);
  t.strictSame(readings({ faults: [wrong({ drift: -0.5 })] }, seconds), [0, -5, -10, -14.5, 0]);
});

t.test('overlapping faults add up, and none ends the other', async (t) => {
  const later = { kind: 'at', atUs: 20 * SECOND } as const;
  const faults = [
    wrong({ aheadUs: 5 * SECOND }),
    { ...wrong({ aheadUs: 1 * SECOND, drift: 0.1 }), when: later },
  ];
  t.strictSame(readings({ faults }, [15, 20, 30, 41, 49, 51]), [5, 5, 7, 3.1, 3.9, 0]);
});

t.test('timers run by the rate of the clock, not by its steps', async (t) => {
  const script: Script = (environment, told) => {
    if (told.what !== 'message') environment.after(SECOND, 0, 0);
  };
  const beats = (change: Partial<ClockAction>): number[] => {
    const { diaries, run } = driven({ faults: [wrong(change)] }, script);
    run(40 * SECOND);
    return [0, 1].map((address) => diaries[address].filter(({ what }) => what === 'timer').length);
  };
  t.strictSame(beats({ aheadUs: 20 * SECOND }), beats({ aheadUs: -20 * SECOND }));
  const [fast, usual] = beats({ drift: 0.5 });
  // The timer under way when the rate changes keeps its time.
  t.ok(fast - usual === 14 || fast - usual === 15, `${fast - usual}`);
  const [slow] = beats({ drift: -0.5 });
  t.ok(usual - slow === 14 || usual - slow === 15, `${usual - slow}`);
});

t.test('configured clocks are off by no more than that, each by its own', async (t) => {
  const world = { managers: 200, clocks: { offsetUs: 3 * SECOND, drift: 0.01 } };
  const { world: sim, run } = driven(world);
  const all = (): number[] => Array.from({ length: 200 }, (_, address) =>
    sim.within(address, (environment) => environment.now()));
  run(1);
  const first = all();
  run(1000 * SECOND);
  const last = all();
  const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);
  const rates = last.map((value, index) => (value - first[index]) / (1000 * SECOND));
  t.ok(spread(first) > 5.6 * SECOND && spread(first) <= 6 * SECOND);
  t.ok(rates.every((rate) => Math.abs(rate - 1) <= 0.01 + 1e-8));
  t.ok(spread(rates) > 0.019);
});

t.test('clocks change nothing where none is wrong', async (t) => {
  const script: Script = (environment) => environment.after(SECOND, 0, 0);
  const told = (faults: readonly FaultSettings[]) => {
    const { diaries, world } = driven({ faults }, script);
    world.loop.run(9 * SECOND, Infinity);
    const [{ atUs: epochUs }] = diaries[1];
    return diaries[1].map(({ atUs, what }) => `${what} ${atUs - epochUs}`);
  };
  t.strictSame(told([wrong({ drift: 0.1 })]), told([]));
});

t.test('timers are as early or late as configured, each by itself and always alike', async (t) => {
  const periodUs = SECOND;
  const errors = (): number[] => {
    const told: number[] = [];
    const { run, diaries } = driven({ clocks: { timersUs: 1000 } }, (environment, { what }) => {
      if (what !== 'message') environment.after(periodUs, 0, 0);
    });
    run(1000 * SECOND);
    const times = diaries[0].map(({ atUs }) => atUs);
    for (const [index, atUs] of times.slice(1).entries()) told.push(atUs - times[index] - periodUs);
    return told;
  };
  const all = errors();
  t.ok(all.length > 900);
  t.ok(all.every((errorUs) => Math.abs(errorUs) <= 1000));
  t.ok(Math.min(...all) < -950 && Math.max(...all) > 950);
  t.ok(Math.abs(all.reduce((sum, errorUs) => sum + errorUs, 0)) < 100 * all.length);
  t.strictSame(errors(), all);
});
