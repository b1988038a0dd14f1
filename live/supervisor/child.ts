/** Entry point of an OS process that hosts nodes, started by the supervisor with an IPC channel. */
import { NodeHost } from './node-host.js';
import type { Order, Report } from './protocol.js';

const send = process.send?.bind(process);
if (send === undefined) throw new Error('this is started by `sim live`, not by hand');

/** Reports that are not on their way yet. */
let pending = 0;
let leaving = false;

const leaveWhenDone = (): void => {
  // 'disconnect' follows here too.
  if (leaving && pending === 0 && process.connected) process.disconnect();
};

const report = (message: Report): void => {
  pending += 1;
  // An error means that the supervisor is gone: 'disconnect' follows.
  send(message, undefined, undefined, () => {
    pending -= 1;
    leaveWhenDone();
  });
};

const leave = (): void => {
  leaving = true;
  leaveWhenDone();
};

let host: NodeHost | null = null;

process.on('message', (order: Order) => {
  if (order.kind === 'setup') {
    host = new NodeHost(order, report, leave);
    // Where nobody can listen, nobody can run: the supervisor sees the process end.
    void host.listen();
  } else {
    host?.obey(order);
  }
});

// Whatever became of the supervisor, nobody is left behind.
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);

// Ctrl-C reaches every process of the terminal; the supervisor decides what it means.
process.on('SIGINT', () => {});
