/** A coordinator with an inventory: what is registered is in its model. */
import t from 'tap';
import { Copies } from '../../../core/coordination/copies.js';
import type { ResourceEnrol } from '../../../core/coordination/inventory-messages.js';
import type { Environment } from '../../../core/process.js';
import { CoordinatorBench, listed } from './coordinator-bench.js';
import { ballotOf, config, descriptorOf, registration } from './fixtures.js';

const second = 1_000_000;

/**
 * It has gone to work, and knows of nothing.
 *
 * @param counter - of its ballot; where it is not the first, all copies of former ones are lost
 */
function ready(counter = 5): { readonly bench: CoordinatorBench; readonly copies: Copies } {
  const ballot = ballotOf(counter);
  const values = new Map<string, unknown>();
  const store = {
    put: (key: string, value: unknown) => void values.set(key, value),
    get: (key: string) => values.get(key), delete: (key: string) => void values.delete(key),
    sync: () => {},
  };
  const environment = { address: 0, now: () => 0, observe: () => {}, store };
  const copies = new Copies({
    environment: environment as unknown as Environment, config, life: 1, ballot: () => ballot,
    send: () => {},
  });
  const bench = new CoordinatorBench([1, 2], ballot, copies);
  for (const manager of [1, 2]) bench.beat(manager);
  bench.pass(second, 1, 2);
  return { bench, copies };
}

const enrol = (resource: number): ResourceEnrol => ({
  type: 'resource-enrol', agent: 50, hops: 1,
  entries: [{ resource, number: null, incarnation: 1, descriptor: descriptorOf(resource) }],
});

const shown = ({ observed }: CoordinatorBench, resource: number): string[] =>
  observed.flatMap((seen) =>
    seen.type === 'model-entity' && seen.resource === resource ? [seen.state] : []);

t.test('what is registered and reported by nobody is looked for', async (t) => {
  const { bench, copies } = ready();
  bench.coordinator.onRegistry(enrol(3));
  t.ok(copies.inventory.has(3));
  bench.pass(second, 1, 2);
  t.same(shown(bench, 3), [], 'whoever lists it may still report it');
  bench.pass(2 * config.managers.heartbeatPeriodUs, 1, 2);
  t.same(shown(bench, 3), ['unknown']);
  t.equal(bench.orders().length, 1, 'somebody is to listen for it');
});

t.test('what is decommissioned is released by who lists it; nobody else is asked', async (t) => {
  const { bench } = ready();
  for (const resource of [3, 4]) bench.coordinator.onRegistry(enrol(resource));
  bench.pass(3 * config.managers.heartbeatPeriodUs, 1, 2);
  const [holder, other] = bench.holder(3) === 1 ? [1, 2] : [2, 1];
  t.equal(bench.holder(4), other);
  bench.beat(holder, { from: 0, to: 1, entries: [bench.listing(3)] });
  bench.coordinator.onRegistry({
    type: 'resource-decommission', asker: 60, hops: 0, resources: [3, 4],
  });
  bench.beat(holder, { from: 1, to: 1 });
  bench.beat(other);
  const released = bench.of('resource-release').map(({ to, message }) =>
    [to, ...message.entries.map(({ resource }) => resource)]);
  t.same(released, [[holder, 3], [holder, 3]]);
});

t.test('what is reported meanwhile is not', async (t) => {
  const { bench } = ready();
  bench.coordinator.onRegistry(enrol(3));
  bench.beat(1, { from: 0, to: 1, entries: [listed(3, 5, 1)] });
  bench.pass(3 * config.managers.heartbeatPeriodUs, 1, 2);
  t.same(shown(bench, 3), ['up']);
});

/** How often the agent was asked to register the resource. */
const asked = (bench: CoordinatorBench, resource: number): number =>
  bench.of('resource-enrolled').flatMap(({ message }) => message.entries)
    .filter((entry) => entry.resource === resource && entry.standing === 'unknown').length;

t.test('what was silent from the start is asked after, and forgotten if it cannot be', (t) => {
  const { bench } = ready(1);
  bench.pass(3 * config.managers.heartbeatPeriodUs, 1, 2);
  bench.beat(1, { from: 0, to: 1, entries: [{ ...listed(3, 1, 1), state: 'up' }] });
  bench.beat(1, { from: 1, to: 2, entries: [{ ...listed(3, 1, 1), state: 'down' }] });
  bench.pass(config.resources.retryMaxUs, 1, 2);
  t.equal(asked(bench, 3), 1, 'its host is up');
  bench.beat(1, { from: 2, to: 3, entries: [{ ...listed(3, 1, 1), state: 'unreachable' }] });
  bench.pass(config.resources.retryMaxUs, 1, 2);
  t.ok(bench.observed.some((seen) => seen.type === 'model-forgot' && seen.resource === 3));
  t.same(bench.of('resource-release').at(-1)?.to, 1);
  t.end();
});

t.test('so it is where its agent registered it as down, and nobody has heard it since', (t) => {
  const { bench, copies } = ready(1);
  bench.pass(3 * config.managers.heartbeatPeriodUs, 1, 2);
  bench.register(registration(3, { state: 'down' }));
  const holder = bench.holder(3);
  bench.beat(holder, { from: 0, to: 1, entries: [bench.listing(3)] });
  bench.beat(holder, { from: 1, to: 2, entries: [{ ...bench.listing(3), state: 'unreachable' }] });
  bench.pass(config.resources.retryMaxUs, 1, 2);
  t.ok(bench.observed.some((seen) => seen.type === 'model-forgot' && seen.resource === 3));
  t.notOk(copies.inventory.has(3));
  t.end();
});

t.test('where all copies are lost, what a manager reports late is registered anew', (t) => {
  const { bench, copies } = ready();
  bench.pass(3 * config.managers.heartbeatPeriodUs, 1, 2);
  const entries = [listed(3, 4, 1), { ...listed(4, 4, 2), state: 'unreachable' as const }];
  bench.beat(1, { from: 0, to: 1, entries });
  bench.pass(config.resources.retryMaxUs, 1, 2);
  t.equal(asked(bench, 3), 1, 'its agent knows its number');
  t.ok(copies.inventory.has(4), 'nobody else may be left who knows of it');
  t.equal(bench.of('resource-release').length, 0);
  t.end();
});
