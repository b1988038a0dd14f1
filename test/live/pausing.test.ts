import t from 'tap';
import { encode } from '../../core/codec.js';
import type { Message } from '../../core/wire/record.js';
import { BACKLOG_BYTES, MemoryTransport } from '../../live/node/memory-transport.js';

t.test('what waits for a node that is paused in its process has an end', (t) => {
  const transport = new MemoryTransport();
  let received = 0;
  const port = transport.open(1, () => {
    received += 1;
  });
  const probe: Message & { readonly ballot: null } = { type: 'coordinator-probe', ballot: null };
  const bytes = encode(probe);
  const many = Math.ceil(BACKLOG_BYTES / bytes.length);
  const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
  for (const round of [1, 2]) {
    port.hold();
    for (let count = 0; count < many; count += 1) transport.deliver(0, 1, bytes);
    const dropped = sum(transport.traffic.dropped['queue-full']);
    t.ok(dropped > 0 && dropped < round * many, `${dropped} of ${round * many}`);
    t.equal(received, (round - 1) * (many - dropped / round), 'nothing before it goes on');
    port.release();
    t.equal(received, round * many - dropped, 'the rest arrives, in the second round as many');
  }
  t.equal(sum(transport.traffic.delivered), received);
  t.end();
});
