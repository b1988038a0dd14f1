import fc from 'fast-check';
import t from 'tap';
import { Stalls } from '../../experiment/lag.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { binOf, LagMeter, latenessOf } from '../../live/node/lag.js';
import { allowedStallUs, LagLedger } from '../../live/supervisor/lag-ledger.js';
import { Layout } from '../../live/supervisor/layout.js';
import { smoke } from './fixture.js';

t.test('a bin holds what is at most 3% less than its edge', async (t) => {
  t.doesNotThrow(() => fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 30 - 1 }), (us) => {
    const edge = latenessOf(binOf(us));
    const last = binOf(us) === 0 ? -1 : latenessOf(binOf(us) - 1);
    return us <= edge && us > last && edge <= us * 1.0313;
  })));
});

t.test('stalls that overlap count once', async (t) => {
  const span = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 10 }));
  const since = fc.integer({ min: 0, max: 50 });
  t.doesNotThrow(() => fc.assert(fc.property(fc.array(span), since, (spans, sinceUs) => {
    const stalls = new Stalls();
    const taken = new Set<number>();
    for (const [fromUs, us] of spans) {
      stalls.add(fromUs, fromUs + us);
      for (let at = fromUs; at < fromUs + us; at += 1) taken.add(at);
    }
    return stalls.sinceUs(sinceUs) === [...taken].filter((at) => at >= sinceUs).length;
  })));
});

t.test('a meter tells late timers from stalls, and what was computed in them', async (t) => {
  const meter = new LagMeter(20_000);
  for (const nowUs of [0, 20_000, 45_000, 115_000]) meter.beat(nowUs, 7000);
  meter.beat(135_000, 10_000);
  meter.beat(600_000, 260_000);
  meter.beat(700_000, 900_000);
  meter.timer(100, 1200);
  meter.timer(100_000, 130_000);
  t.same(meter.take(), {
    bins: [[binOf(1100), 1]], late: [[100_000, 130_000]], 
    stalls: [[155_000, 600_000, 250_000], [620_000, 700_000, 80_000]],
  });
  t.same(meter.take(), { bins: [], late: [], stalls: [] });
});

t.test('what a scenario wanted is no stall, and too long a one makes a run void', async (t) => {
  const told: (readonly [number, number])[] = [];
  const ledger = new LagLedger(
    [['manager-1'], ['manager-2', 'host-1']], 200_000, 1e6, (...span) => void told.push(span));
  const stall = (process: number, fromUs: number, untilUs: number, pauses = [[0, 0]]): void =>
    ledger.add(process, { bins: [], late: [], stalls: [[fromUs, untilUs, 0]] }, pauses as never);
  stall(0, 1e6, 3e6, [[1.01e6, 2.99e6]]);
  t.same(told, [], 'a pause of its own');
  stall(0, 5e6, 5.1e6);
  stall(1, 5e6, 5.19e6);
  stall(0, 5.4e6, 5.5e6);
  stall(2, 6e6, 6.9e6);
  t.equal(told.length, 4);
  t.equal(ledger.voidBecause, null, 'each within its limit, the supervisor too');
  stall(1, 5.3e6, 5.36e6);
  t.equal(ledger.voidBecause, 'OS process 2 (manager-2 and 1 more) stood still for 0.25 s ' +
    'until 5.36 s, and the timeouts of this scenario allow for 0.20 s', 'one after the other');
  ledger.add(1, {
    bins: [[binOf(1000), 3]], late: [[7e6, 7.5e6], [9e6, 9.5e6]], stalls: [],
  }, [[7.2e6, 7.4e6]]);
  const { timers, seconds, stalls, processes } = ledger.figures();
  t.same([timers, seconds.max, stalls.count], [4, 0.5, 5]);
  t.equal(stalls.seconds, 1.25, 'those of two at a time once');
  t.same(processes.map(({ process }) => process), ['1', '2', 'supervisor']);
});

t.test('what a process computes itself is told, and is no stall of the machine', async (t) => {
  const told: (readonly [number, number])[] = [];
  const ledger = new LagLedger([['manager-1']], 200_000, 1e6, (...span) => void told.push(span));
  const stalls = [[1e6, 2e6, 960_000], [3e6, 3.2e6, 100_000], [4e6, 4.1e6, 20_000]] as const;
  ledger.add(0, { bins: [], late: [], stalls }, []);
  t.same(told, [[3.1e6, 3.2e6], [4.02e6, 4.1e6]], 'what is left of each, if it is long enough');
  t.equal(ledger.voidBecause, null);
  t.same(ledger.busy, ['OS process 1 (manager-1) computed for 0.96 s on end until 2.00 s, ' +
    'and the timeouts of this scenario allow for 0.20 s']);
  const { computing } = ledger.figures();
  t.same(computing, { count: 2, seconds: 1.06, longestSeconds: 0.96 });
});

t.test('what timeouts allow for', async (t) => {
  const allowed = (...set: string[]): number => {
    const { scenario } = smoke(...set);
    return allowedStallUs(scenario.coordination, deriveBounds(scenario));
  };
  t.equal(allowed(), 196_000, 'a hop is given up after 200 ms, and two delays take 4');
  t.equal(allowed('coordination.overlay.hopTimeout=2s'), 796_000, 'a silence of 1 s less 200 ms');
  const phi = '{name: phi-accrual, minDeviation: 50ms, threshold: 8, acceptablePause: 0s}';
  const least = allowed('coordination.overlay.hopTimeout=2s', `coordination.detection=${phi}`);
  t.ok(least > 270_000 && least < 290_000, `5.6 deviations, two delays less: ${least}`);
});

t.test('managers come first, and one process is left for the rest', async (t) => {
  const dealt = (processes: number, managers: number, agents: number): number[] => {
    const layout = new Layout({ live: { processes } }, { managers, agents });
    return Array.from({ length: managers + agents }, (_, address) => layout.processOf(address));
  };
  t.same(dealt(4, 6, 2), [0, 1, 2, 3, 3, 3, 3, 3]);
  t.same(dealt(7, 6, 2), [0, 1, 2, 3, 4, 5, 6, 6]);
  t.same(dealt(8, 3, 4), [0, 1, 2, 3, 4, 5, 6]);
  t.same(dealt(5, 2, 6), [0, 1, 2, 3, 4, 2, 3, 4]);
  t.same(dealt(1, 2, 2), [0, 0, 0, 0]);
  t.same(dealt(4, 6, 0), [0, 1, 2, 3, 3, 3], 'where there is no rest, for those beyond');
  t.same(new Layout({ live: { processes: 5 } }, { managers: 2, agents: 6 }).nodesOf(2), [2, 5]);
});
