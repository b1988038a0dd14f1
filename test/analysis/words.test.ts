import t from 'tap';
import * as words from '../../analysis/words.js';

void t.test('durations and instants', (t) => {
  t.same(
    [0, 0.00238, 0.9996, 1.8, 48.31, 99.96, 119.9, 125, 3600, 4800, 7199.6, 90_061, 5_184_000].map(
      words.duration,
    ),
    [
      '0 s',
      '2.38 ms',
      '1 s',
      '1.8 s',
      '48.3 s',
      '100 s',
      '120 s',
      '2 min 5 s',
      '60 min',
      '80 min',
      '120 min',
      '25 h 1 min',
      '60 d',
    ],
  );
  t.same([0, 0.5, 59.9, 600, 3634, 7200, 90_061].map(words.instant), [
    '0 s',
    '0.5 s',
    '59 s',
    '10 min',
    '1 h 34 s',
    '2 h',
    '1 d 1 h 1 min 1 s',
  ]);
  t.end();
});

void t.test('counts, shares, bytes, lists', (t) => {
  t.same([0, 999, 1000, 1234567].map(words.count), ['0', '999', '1,000', '1,234,567']);
  t.same([1, 0.99999, 0.9973, 0.842, 0.0071, 0.00002, 0].map(words.share), [
    '100%',
    '99.999%',
    '99.7%',
    '84.2%',
    '0.71%',
    '<0.1%',
    '0%',
  ]);
  t.same([0, 999, 61_378_115].map(words.bytes), ['0 B', '999 B', '61.4 MB']);
  t.equal(words.list([]), '');
  t.equal(words.list(['a', 'b', 'c']), 'a, b and c');
  t.equal(words.list(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
  t.equal(words.nodes('manager-1'), 'manager-1');
  t.equal(words.nodes('manager-1, web-2'), 'manager-1 and web-2');
  t.equal(words.nodes('manager-1, manager-2, manager-3 and 9 more'), '12 managers');
  t.equal(words.nodes('manager-1, host-2, web-3'), '3 nodes');
  t.end();
});
