import fc from 'fast-check';
import t from 'tap';
import { compareTokens } from '../../../core/identity.js';
import { Orders, type Order } from '../../../core/coordination/orders.js';
import { holds } from '../overlay/holds.js';
import { tokenOf } from './fixtures.js';

t.test('orders fall due one after the other, each once, whatever comes in between', async (t) => {
  const step = fc.record({ given: fc.nat(40), passUs: fc.nat(30) });
  holds(t, fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const orders = new Orders(50);
    const expected: (Order & { readonly dueUs: number })[] = [];
    let nowUs = 0;
    for (const { given, passUs } of steps) {
      for (let count = 0; count < given; count += 1) {
        const order = { resource: count * 7, token: tokenOf(1, nowUs), repeated: count % 9 };
        orders.given(order, nowUs);
        expected.push({ ...order, dueUs: nowUs + 50 });
      }
      nowUs += passUs;
      for (let due = orders.takeDue(nowUs); due !== null; due = orders.takeDue(nowUs)) {
        const next = expected.shift();
        if (next === undefined || next.dueUs > nowUs) return false;
        const { resource, token, repeated } = next;
        if (due.resource !== resource || compareTokens(due.token, token) !== 0) return false;
        if (due.repeated !== repeated) return false;
      }
      if (expected.length > 0 && expected[0].dueUs <= nowUs) return false;
    }
    return true;
  }), 100);
});
