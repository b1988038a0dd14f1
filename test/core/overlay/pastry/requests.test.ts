import t from 'tap';
import type { Environment } from '../../../../core/process.js';
import type { Contact } from '../../../../core/overlay/pastry/contact.js';
import { Requests, type Request } from '../../../../core/overlay/pastry/requests.js';

t.test('a storm of letters to a dead node ends in no deeper calls than one of them', async (t) => {
  const environment = {
    now: () => 0, send: () => {}, setTimer: () => 0, cancelTimer: () => {},
  } as unknown as Environment;
  const requests = new Requests(environment, 1000, () => -Infinity);
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

/** It is what {@link bench} asks for. */
function answered(requests: Requests, sequence: number, from: number): Request | null {
  return requests.answered('overlay-found', sequence, from);
}

/** What becomes of requests to one node, with the clock and the timers in the test's hands. */
function bench(): {
  requests: Requests; to: Contact; log: string[]; wait: (us: number) => void;
  ask: (tries: number, passes?: boolean) => void;
} {
  let nowUs = 0;
  let timers = 0;
  const log: string[] = [];
  const environment = {
    now: () => nowUs,
    send: (address: number) => void log.push(`to ${address}`),
    setTimer: () => (timers += 1),
    cancelTimer: (timer: number) => void log.push(`cancelled ${timer}`),
  } as unknown as Environment;
  const requests = new Requests(environment, 1000, () => -Infinity);
  const to = { address: 7, rttUs: Infinity } as Contact;
  const ask = (tries: number, passes = false): void => requests.ask({
    to, tries, passes,
    message: (sequence) => ({
      type: 'overlay-find', sequence, node: '0'.repeat(32), ballot: null, row: false,
    }),
    late: () => void log.push('late'),
    answered: () => void log.push('answered'),
    silent: () => void log.push('silent'),
  });
  return { requests, to, log, wait: (us) => void (nowUs += us), ask };
}

t.test('what is not answered is repeated, told once to be late, and given up', async (t) => {
  const { requests, log, ask } = bench();
  ask(3);
  t.same(log, ['to 7']);
  requests.onTimeout(1);
  t.same(log, ['to 7', 'to 7', 'late']);
  requests.onTimeout(1);
  t.same(log, ['to 7', 'to 7', 'late', 'to 7']);
  requests.onTimeout(1);
  requests.onTimeout(1);
  t.same(log, ['to 7', 'to 7', 'late', 'to 7', 'silent']);
  t.equal(answered(requests, 1, 7), null, 'too late');
});

t.test('an answer counts once, from whom was asked, and ends the waiting', async (t) => {
  const { requests, log, ask } = bench();
  ask(2);
  t.equal(answered(requests, 1, 8), null);
  t.equal(answered(requests, 2, 7), null);
  t.equal(requests.answered('overlay-leaves-answer', 1, 7), null, 'to a former life');
  t.not(answered(requests, 1, 7), null);
  t.equal(answered(requests, 1, 7), null);
  requests.onTimeout(1);
  t.same(log, ['to 7', 'cancelled 1', 'answered']);
});

t.test('the way there and back is the shortest of those whose try is known', async (t) => {
  const { requests, to, wait, ask } = bench();
  ask(2);
  wait(300);
  answered(requests, 1, 7);
  t.equal(to.rttUs, 300);
  ask(2);
  wait(400);
  answered(requests, 2, 7);
  t.equal(to.rttUs, 300);
  ask(2);
  wait(1000);
  requests.onTimeout(3);
  wait(10);
  answered(requests, 3, 7);
  t.equal(to.rttUs, 300, 'to which of two tries is not known');
});

t.test('what passes through a dead node is given up at once, and nothing else', async (t) => {
  const { requests, log, ask } = bench();
  ask(2, true);
  ask(2);
  log.length = 0;
  requests.abandon(8);
  t.same(log, []);
  requests.abandon(7);
  t.same(log, ['cancelled 1', 'silent']);
  requests.onTimeout(1);
  t.same(log, ['cancelled 1', 'silent']);
  t.not(answered(requests, 2, 7), null);
});
