/** Entry point of an OS process that hosts nodes, started by the supervisor with an IPC channel. */
import { NodeHost, type Setup } from './node-host.js';
import { withCode } from './from-plugins.js';
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
/** Orders that came while there was no host yet. */
const early: Order[] = [];

const begin = async (setup: Setup): Promise<void> => {
  const scenario = await withCode(setup.scenario, setup.plugins);
  host = new NodeHost({ ...setup, scenario }, report, leave);
  for (const order of early) host.obey(order);
  await host.listen();
};

process.on('message', (order: Order) => {
  // Where nobody can begin or listen, nobody can run: the supervisor sees the process end.
  if (order.kind === 'setup') void begin(order);
  else if (host === null) early.push(order);
  else host.obey(order);
});

// Whatever became of the supervisor, nobody is left behind.
process.on('disconnect', () => process.exit(0));
if (!process.connected) process.exit(0);

// What is meant for the run may reach all its processes; the supervisor decides what it means.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM']) process.on(signal, () => {});
