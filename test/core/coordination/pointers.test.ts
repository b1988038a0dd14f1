import fc from 'fast-check';
import t from 'tap';
import { Pointers } from '../../../core/coordination/pointers.js';
import { ballotOf, tokenOf } from './fixtures.js';

const periodUs = 1000;

/** Of resources 5 and 6, of agents 50 and 51; 5 beats first after a period. */
function pointers(): Pointers {
  const table = new Pointers(5, 2);
  table.reset(5, 50);
  table.reset(6, 51);
  table.begin(5, periodUs, periodUs);
  return table;
}

t.test('knows whose a resource is, whatever number is asked for', (t) => {
  const table = pointers();
  t.same([4, 5, 6, 7].map((resource) => table.isOf(resource, 50)), [false, true, false, false]);
  t.end();
});

t.test('points to a manager until it is given up, and remembers the token and why', (t) => {
  const table = pointers();
  t.same([table.manager(5), table.token(5), table.silent(5)], [-1, null, -1]);
  table.point(5, 2, tokenOf(4, 9), 0, periodUs);
  t.same([table.manager(5), table.token(5), table.silent(5)], [2, tokenOf(4, 9), -1]);
  t.equal(table.manager(6), -1, 'the other is not touched');
  table.giveUp(5, true);
  t.same([table.manager(5), table.token(5), table.silent(5)], [-1, tokenOf(4, 9), 2]);
  table.point(5, 3, tokenOf(4, 10), 0, periodUs);
  t.equal(table.silent(5), -1);
  table.giveUp(5, false);
  t.equal(table.silent(5), -1);
  table.reset(5, 50);
  t.same([table.manager(5), table.token(5)], [-1, null]);
  t.end();
});

t.test('an answer counts once, if it is to a heartbeat sent and none later was answered', (t) => {
  const table = pointers();
  table.point(5, 2, tokenOf(4, 9), 0, periodUs);
  t.ok(table.isAnswered(5), 'nothing is asked yet');
  const [first, second] = [table.sent(5, periodUs), table.sent(5, periodUs)];
  t.same([first, second], [1, 2]);
  t.notOk(table.answered(5, 3), 'never sent');
  t.ok(table.answered(5, 1));
  t.notOk(table.isAnswered(5));
  t.ok(table.answered(5, 2));
  t.ok(table.isAnswered(5));
  t.notOk(table.answered(5, 2), 'twice');
  t.notOk(table.answered(5, 1), 'late');
  table.sent(5, periodUs);
  table.point(5, 3, tokenOf(4, 10), 0, periodUs);
  t.ok(table.isAnswered(5), 'the next manager owes no answer to what the last was sent');
  t.notOk(table.answered(5, 3));
  t.end();
});

t.test('silence is reckoned in beats since what was answered or another sign came', (t) => {
  const table = pointers();
  table.point(5, 2, tokenOf(4, 9), 0, periodUs);
  const beat = (nowUs: number): void => {
    table.beat(5, nowUs, periodUs);
    table.sent(5, periodUs);
  };
  beat(1000);
  beat(2000);
  t.equal(table.silentUs(5, periodUs), 2000);
  table.answered(5, 1);
  t.equal(table.silentUs(5, periodUs), 1000);
  beat(9000);
  t.equal(table.silentUs(5, periodUs), 2000, 'a stall of its own is no silence of the other');
  table.sign(5, 9400, periodUs);
  beat(10_000);
  t.equal(table.silentUs(5, periodUs), 600);
  table.beat(5, 11_000, periodUs);
  table.answered(5, 4);
  t.equal(table.silentUs(5, periodUs), 1000, 'at the last beat nothing was sent');
  t.end();
});

t.test('signs age with each beat, whether a heartbeat is sent at it or not', (t) => {
  const step = fc.constantFrom('sent', 'idle', 'sign', 'answered');
  const property = fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const table = pointers();
    let [nowUs, signAge, sequence, answered, idle] = [0, 0, 0, 0, 0];
    for (const what of steps) {
      if (what === 'sign') {
        table.sign(5, nowUs + 300, periodUs);
        signAge = -300;
      } else if (what === 'answered') {
        if (table.answered(5, sequence)) answered = sequence;
      } else {
        nowUs += periodUs;
        table.beat(5, nowUs, periodUs);
        signAge += periodUs;
        idle += 1;
        if (what === 'sent') [sequence, idle] = [table.sent(5, periodUs), 0];
      }
      const silentUs = Math.min(signAge, (sequence - answered + idle) * periodUs);
      if (table.silentUs(5, periodUs) !== silentUs) return false;
    }
    return true;
  });
  t.doesNotThrow(() => fc.assert(property));
  t.end();
});

t.test('a ballot is known once it was noted, each by its own object', (t) => {
  const table = pointers();
  const [one, other] = [ballotOf(4), ballotOf(5)];
  t.notOk(table.knows(5, one));
  t.ok(table.knows(5, one));
  t.notOk(table.knows(6, one), 'with the other resource it is not');
  t.notOk(table.knows(5, other));
  t.ok(table.knows(5, other));
  t.end();
});

t.test('a clock set back between a beat and a sign of life makes no silence longer', (t) => {
  const longUs = 10e6;
  const table = pointers();
  table.begin(5, 0, longUs);
  table.beat(5, 0, longUs);
  // Fifteen seconds ahead at this beat, and set right before the manager shows that it lives.
  table.beat(5, 25e6, longUs);
  table.sent(5, longUs);
  table.sign(5, 18e6, longUs);
  table.beat(5, 20e6, longUs);
  t.ok(table.silentUs(5, longUs) <= 2e6, `${table.silentUs(5, longUs)} us`);
  t.end();
});

t.test('has room for resources that come later', (t) => {
  const table = pointers();
  table.point(5, 2, tokenOf(4, 9), 0, periodUs);
  for (const added of [9, 2]) {
    table.reset(added, 50);
    table.point(added, 3, tokenOf(4, added), 0, periodUs);
  }
  t.same([2, 5, 9].map((resource) => table.manager(resource)), [3, 2, 3]);
  t.same(table.token(5), tokenOf(4, 9), 'what was there is as it was');
  t.same([1, 3, 6, 8, 10].map((resource) => table.isOf(resource, 50)), Array(5).fill(false));
  const empty = new Pointers(0, 0);
  empty.reset(7, 50);
  t.ok(empty.isOf(7, 50));
  t.end();
});
