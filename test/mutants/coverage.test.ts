import t from 'tap';
import { built } from '../explore/patched.js';
import { isReached, placeOf, reachedOf } from './coverage.js';

t.test('a place is where two built files begin and end to differ', (t) => {
  const [before, after] = [built('one();\ntwo(1);\nend();'), built('one();\n;\nend();')];
  const { file, start, end } = placeOf('rules/x.ts', before, after);
  t.equal(file, 'rules/x.js');
  t.equal(before.slice(start, end), 'two(1)');
  t.strictSame(placeOf('x.ts', 'aab', 'aaab'), { file: 'x.js', start: 2, end: 2 });
  t.end();
});

t.test('a place is reached if the smallest stretch around it was run', (t) => {
  const range = (startOffset: number, endOffset: number, count: number) =>
    ({ startOffset, endOffset, count });
  const functions = [
    { functionName: '', isBlockCoverage: true, ranges: [range(0, 100, 1)] },
    { functionName: 'f', isBlockCoverage: true, ranges: [range(10, 90, 3), range(20, 40, 0)] },
    { functionName: 'g', isBlockCoverage: false, ranges: [range(50, 60, 0)] },
  ];
  const reached = reachedOf([{ scriptId: '1', url: 'file:///x/dist/core/a/b.js', functions }]);
  const at = (start: number, end = start + 1): boolean => {
    return isReached(reached, { file: 'a/b.js', start, end });
  };
  t.ok(at(5));
  t.ok(at(15));
  t.notOk(at(25));
  t.notOk(at(55, 59));
  t.ok(at(35, 45), 'its end is');
  t.notOk(isReached(reached, { file: 'a/other.js', start: 5, end: 6 }));
  t.end();
});
