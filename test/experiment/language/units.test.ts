import fc from 'fast-check';
import t from 'tap';
import {
  formatDurationSeconds,
  formatDurationUs,
  readDurationSeconds,
  readDurationUs,
  readShare,
} from '../../../experiment/language/units.js';

t.test('durations have units', (t) => {
  const us = (text: unknown): unknown => readDurationUs(text);
  t.same(us('500us'), { value: 500 });
  t.same(us('20ms'), { value: 20_000 });
  t.same(us('1.5s'), { value: 1_500_000 });
  t.same(us('30s'), { value: 30_000_000 });
  t.same(us('5m'), { value: 300_000_000 });
  t.same(us('2h'), { value: 7_200_000_000 });
  t.same(us('7d'), { value: 7 * 86_400_000_000 });
  t.same(us('5y'), { value: 5 * 365.25 * 86_400_000_000 }, 'years are Julian');
  t.same(us('0s'), { value: 0 });
  t.match(us(30), { problem: '30 has no unit' });
  t.match(us('30'), { problem: '30 has no unit' });
  t.match(us('-5s'), { problem: '-5s is negative' });
  t.match(us(-5), { problem: '-5 is negative' });
  t.match(us('5min'), { problem: 'min is not a unit of time' });
  t.match(us('soon'), { problem: '"soon" is not a duration' });
  t.match(us('0.1us'), { problem: '"0.1us" is too short' });
  t.match(us('1000y'), { problem: '"1000y" is too long' });
  t.match(readDurationSeconds('1e300y'), { problem: '"1e300y" is too long' });
  t.match(us(null), { problem: 'nothing is not a duration' });
  t.end();
});

t.test('seconds are the nearest double to what is written', (t) => {
  t.same(readDurationSeconds('20ms'), { value: 0.02 });
  t.same(readDurationSeconds('3us'), { value: 0.000003 });
  t.same(readDurationSeconds('5y'), { value: 157_788_000 });
  t.end();
});

t.test('shares', (t) => {
  t.same(readShare('0.5%'), { value: 0.005 });
  t.same(readShare(0.005), { value: 0.005 });
  t.same(readShare('100%'), { value: 1 });
  t.match(readShare('-1%'), { problem: '"-1%" is negative' });
  t.match(readShare(1.5), { problem: '1.5 is more than the whole' });
  t.match(readShare('0.5'), { problem: '"0.5" is not a share' });
  t.match(readShare('1.2.3%'), { problem: '"1.2.3%" is not a share' });
  t.match(readShare([]), { problem: 'a list is not a share' });
  t.end();
});

t.test('what is printed reads back exactly', (t) => {
  t.equal(formatDurationUs(7_200_000_000), '2h');
  t.equal(formatDurationUs(90_000_000), '90s');
  t.equal(formatDurationUs(0), '0s');
  t.equal(formatDurationSeconds(0.0005), '500us');
  t.equal(formatDurationSeconds(157_788_000), '5y');
  fc.assert(
    fc.property(fc.nat(100 * 31_557_600_000_000), (us) => {
      t.same(readDurationUs(formatDurationUs(us)), { value: us });
    }),
  );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 3e10, noNaN: true }), (seconds) => {
      const value = seconds === 0 ? 0 : seconds;
      t.same(readDurationSeconds(formatDurationSeconds(value)), { value });
    }),
  );
  t.end();
});
