/** What docs/sweeps.md says of what happens and who watches, held to the kept tables. */
import t, { type Test } from 'tap';
import { keptRows, meanIn, unlessKept, valuesIn } from './kept.js';

const between = (t: Test, low: number, value: number, high: number, what: string): void => {
  t.ok(value >= low && value <= high, `${what}: ${value}, wanted ${low} to ${high}`);
};

t.test('how long a partition lasts', unlessKept('partition-length'), async (t) => {
  const { rows } = keptRows('partition-length');
  t.equal(meanIn(rows, ['5s'], 'recovery.settle.max'), 0, 'healthy at once');
  const noticed = valuesIn(rows, ['10s'], 'recovery.settle.max').filter((settle) => settle > 0);
  t.equal(noticed.length, 1, 'after ten seconds in one run of ten');
  for (const unnoticed of ['5s', '10s', '20s']) {
    t.equal(meanIn(rows, [unnoticed], 'elections.roleChanges'), 0);
  }
  between(t, 9, meanIn(rows, ['20s'], 'recovery.settle.max'), 10, 'the silence is over');
  const long = ['1m', '2m', '5m', '10m'];
  for (const length of ['30s', ...long]) {
    t.same(new Set(valuesIn(rows, [length], 'elections.roleChanges')), new Set([1]));
  }
  for (const length of long) {
    const settle = valuesIn(rows, [length], 'recovery.settle.max');
    const apart = valuesIn(rows, ['1m'], 'recovery.settle.max').map((one, k) => one - settle[k]);
    t.ok(Math.max(...apart.map(Math.abs)) < 0.1, 'whatever the length');
    between(t, 26, Math.min(...settle), 27, 'the least');
    between(t, 30, Math.max(...settle), 31, 'the most');
  }
});

const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
t.test('how many die at once', unlessKept('simultaneous-failures'), async (t) => {
  const { rows } = keptRows('simultaneous-failures');
  const means = numbers.map((name) => meanIn(rows, [name], 'recovery.perFault.max'));
  t.same(means, means.toSorted((a, b) => a - b), 'the more, the longer');
  between(t, 22.5, means[0], 23.5, 'one');
  between(t, 25.5, means[5], 26.5, 'six');
  between(t, 34.5, means[8], 35.5, 'all but one');
  between(t, 1.4, means[8] / means[0], 1.6, 'half as long again');
  t.ok(rows.every(({ scalars }) => scalars['final.unmanaged'] === 0), 'all are managed again');
});

t.test('how many standbys', unlessKept('standbys'), async (t) => {
  const { rows } = keptRows('standbys');
  const repair = ['0', '1', '2'].map((count) => meanIn(rows, [count], 'repair.seconds.mean'));
  between(t, 146, repair[0], 148, 'none');
  for (const withSome of repair.slice(1)) between(t, 34.5, withSome, 35.5, 'one or two');
  const bytes = ['0', '2'].map((count) => meanIn(rows, [count], 'messages.bytes'));
  between(t, 1.025, bytes[1] / bytes[0], 1.04, 'bytes of two');
});

t.test('how often they fail', unlessKept('failure-rate'), async (t) => {
  const { rows } = keptRows('failure-rate');
  for (const lifetime of ['5y', '1y', '90d', '30d', '7d', '1d', '6h', '1h']) {
    between(t, 151.5, meanIn(rows, [lifetime], 'detection.seconds.mean'), 161.5, lifetime);
  }
  between(t, 25.5 * 60, meanIn(rows, ['1h'], 'recovery.seconds.mean'), 26.5 * 60, 'an hour');
});

t.test('who assigns', unlessKept('assignment'), async (t) => {
  const { rows } = keptRows('assignment');
  const kinds = ['least-loaded', 'round-robin', 'consistent-hashing'];
  for (const kind of kinds) {
    between(t, 24.35, meanIn(rows, [kind, '5h'], 'recovery.perFault.mean'), 24.45, kind);
    between(t, 25.85, meanIn(rows, [kind, '1h'], 'recovery.perFault.mean'), 26.35, kind);
  }
  const orders = kinds.map((kind) =>
    meanIn(rows, [kind, '1h'], 'messages.byType.resource-assign.sent'));
  t.same(orders.map(Math.round), [151, 152, 131]);
});

t.test('a fixed timeout and phi accrual', unlessKept('fixed-and-phi'), async (t) => {
  const { rows } = keptRows('fixed-and-phi');
  const mean = (values: readonly string[], measure: string): number =>
    meanIn(rows, values, `detection.${measure}`);
  for (const sigma of ['0.3', '1.5']) {
    between(t, 25.55, mean([sigma, '0%', 'fixed'], 'seconds.mean'), 25.85, 'fixed');
    between(t, 11.15, mean([sigma, '0%', 'phi'], 'seconds.mean'), 11.45, 'phi');
    t.equal(mean([sigma, '0%', 'fixed'], 'falsePositives'), 0);
    t.ok(mean([sigma, '0%', 'phi'], 'falsePositives') < 3);
    t.ok(mean([sigma, '2%', 'fixed'], 'falsePositives') < 2);
    between(t, 505, mean([sigma, '2%', 'phi'], 'falsePositives'), 525, 'phi, with loss');
  }
});

t.test('how much loss', unlessKept('loss'), async (t) => {
  const { rows } = keptRows('loss');
  const losses = ['0%', '1%', '2%', '5%', '10%', '20%'];
  for (const loss of losses) {
    between(t, 23.2, meanIn(rows, [loss], 'detection.seconds.mean'), 26, loss);
  }
  const alarms = losses.map((loss) => meanIn(rows, [loss], 'detection.falsePositives'));
  t.same(alarms, alarms.toSorted((a, b) => a - b), 'the more, the more');
  for (const [index, wanted] of [0, 0.1, 0.6, 8.4, 47.3, 419.8].entries()) {
    between(t, wanted * 0.95, alarms[index], wanted * 1.05, losses[index]);
  }
  const managed = losses.map((loss) => meanIn(rows, [loss], 'availability.managedShare'));
  for (const share of managed.slice(0, 4)) between(t, 0.997, share, 0.998, 'managed');
  between(t, 0.987, managed[5], 0.989, 'managed at 20%');
});

t.test('how often heartbeats come', unlessKept('heartbeat-period'), async (t) => {
  const { rows } = keptRows('heartbeat-period');
  const periods = ['1s', '2s', '5s', '10s', '20s', '1m', '2m'];
  const at = (measure: string, loss: string): number[] =>
    periods.map((period) => meanIn(rows, [loss, period], measure));
  const [times, messages] =
    [at('detection.seconds.mean', '0%'), at('messages.sentPerSecond', '0%')];
  for (const [index, seconds] of times.entries()) {
    // Half the time to notice a crash costs twice the messages.
    const product = seconds * messages[index];
    between(t, 0.95, product / (times[0] * messages[0]), 1.05, periods[index]);
  }
  between(t, 2.5, times[0], 2.6, 'a second');
  between(t, 295, times[6], 310, 'two minutes');
  t.same(new Set(at('detection.falsePositives', '0%')), new Set([0]));
  const alarms = at('detection.falsePositives', '5%');
  between(t, 750, alarms[0], 850, 'with loss, a second');
  between(t, 3, alarms[6], 5, 'with loss, two minutes');
});
