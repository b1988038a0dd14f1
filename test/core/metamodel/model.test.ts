import fc from 'fast-check';
import t from 'tap';
import { Model, type Report } from '../../../core/metamodel/model.js';
import { holds } from '../overlay/holds.js';

const descriptor = { name: 'a', kind: 'service', host: 'h', zone: 'z', labels: {} };
const report = fc.record({
  resource: fc.nat(3),
  agent: fc.nat(5),
  descriptor: fc.constantFrom(descriptor, null),
  state: fc.constantFrom('up', 'starting', 'stopped', 'down'),
  incarnation: fc.nat(5),
  metrics: fc.option(fc.array(fc.double(), { minLength: 1, maxLength: 2 })),
}) as fc.Arbitrary<Report>;

t.test('incarnations never go back, and the newest report is what is shown', async (t) => {
  holds(t, fc.property(fc.array(report, { maxLength: 40 }), (reports) => {
    const model = new Model();
    const shown = new Map<number, Report>();
    for (const given of reports) {
      const before = shown.get(given.resource);
      const stale = before === undefined
        ? given.descriptor === null : given.incarnation < before.incarnation;
      const change = model.update(given);
      if (stale !== (change === 'nothing') && stale) return false;
      if (!stale) {
        shown.set(given.resource, { ...given, metrics: given.metrics ?? before?.metrics ?? null });
      }
    }
    return [0, 1, 2, 3, 4].every((resource) => {
      const entity = model.entity(resource);
      const expected = shown.get(resource);
      if (expected === undefined) return entity === null && model.agent(resource) === -1;
      return entity!.state === expected.state && entity!.metrics === expected.metrics &&
        entity!.incarnation === expected.incarnation && model.agent(resource) === expected.agent;
    });
  }), 500);
});

t.test('says what changed', async (t) => {
  const model = new Model();
  const first: Report =
    { resource: 2, agent: 9, descriptor, state: 'starting', incarnation: 1, metrics: null };
  t.equal(model.update({ ...first, descriptor: null }), 'nothing', 'never described');
  t.equal(model.update(first), 'state');
  t.equal(model.update({ ...first, descriptor: null }), 'nothing');
  t.equal(model.update({ ...first, state: 'up' }), 'state');
  t.equal(model.update({ ...first, state: 'up', metrics: [1] }), 'metrics');
  t.equal(model.update({ ...first, state: 'up', incarnation: 2 }), 'state');
  t.equal(model.update({ ...first, state: 'down' }), 'nothing', 'of the former incarnation');
  t.equal(model.extent, 3);
});
