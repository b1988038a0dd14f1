import t from 'tap';
import type { Environment } from '../../../../core/process.js';
import type { Contact } from '../../../../core/overlay/pastry/contact.js';
import { Requests } from '../../../../core/overlay/pastry/requests.js';

t.test('a storm of letters to a dead node ends in no deeper calls than one of them', async (t) => {
  const environment = {
    now: () => 0, send: () => {}, setTimer: () => 0, cancelTimer: () => {},
  } as unknown as Environment;
  const requests = new Requests(environment, 1000);
  const to = { address: 7 } as Contact;
  const told: number[] = [];
  const count = 50_000;
  for (let index = 0; index < count; index += 1) {
    requests.ask({
      to, tries: 2, passes: true,
      message: () => ({ type: 'overlay-ack', hop: 0, node: '0'.repeat(32) }),
      silent: () => {
        // As whoever sent it does: the node counts as dead once more.
        requests.abandon(7);
        told.push(index);
      },
    });
  }
  requests.abandon(7);
  t.equal(told.length, count, 'each is told, once');
  t.equal(new Set(told).size, count);
});
