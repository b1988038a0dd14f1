import t from 'tap';
import { Asked, nextWaitUs, tries } from '../../../core/overlay/tries.js';

const hopUs = 1000;

/** Of one question, asked at 0: when it is asked again, and last when it is given up. */
function course(one: Asked, heardUs: number): number[] {
  const timesUs: number[] = [];
  let nowUs = 0;
  for (let waitUs: number | null = hopUs; waitUs !== null;) {
    one.attempt += 1;
    one.sentUs = nowUs;
    nowUs += waitUs;
    timesUs.push(nowUs);
    waitUs = nextWaitUs(one, heardUs <= nowUs ? heardUs : -Infinity, nowUs, hopUs);
  }
  return timesUs;
}

t.test('who is not heard is asked so often, and given up', async (t) => {
  t.same(course(new Asked(tries), -Infinity), [1000, 2000]);
  t.same(course(new Asked(1), -Infinity), [1000]);
  t.same(course(new Asked(tries), 500), [1000, 2000], 'heard before the last try');
});

t.test('who was heard since the last try is asked anew, no longer than from then on', async (t) => {
  t.same(course(new Asked(tries), 1300), [1000, 2000, 2300, 3300]);
  t.same(course(new Asked(1), 600), [1000, 1600, 2600]);
  t.same(course(new Asked(tries), 2000), [1000, 2000, 3000, 4000]);
});

t.test('a clock that was set makes no try wait longer than others', async (t) => {
  const one = { attempt: 2, most: 2, isSecondRound: false, sentUs: 1000 };
  t.equal(nextWaitUs({ ...one }, 90_000, 2000, hopUs), hopUs);
  t.equal(nextWaitUs({ ...one }, 1001, 90_000, hopUs), 0);
});
