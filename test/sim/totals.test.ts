/** What is told of a whole run, whatever it was looked at for. */
import t from 'tap';
import { loadScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

t.test('no total depends on how often samples are taken', async (t) => {
  const told = [10, 2000].map(async (samples) => {
    const set = [`measure.samples=${samples}`];
    const { record } = await simulate(loadScenario('scenarios/smoke.yaml', { set }));
    const { summary, episodes, messages } = record;
    return { summary, episodes, messages };
  });
  const [seldom, often] = await Promise.all(told);
  t.same(seldom, often);
});

t.test('the books of messages close, with the warm-up left out', async (t) => {
  const { record, result } = await simulate(loadScenario('scenarios/partition-and-heal.yaml', {
    set: ['network.loss=1%'],
  }));
  const { messages } = record.summary;
  const causes = Object.values(messages.droppedBy).reduce((sum, count) => sum + count, 0);
  t.equal(causes, messages.dropped);
  t.ok(messages.droppedBy.loss > 0 && messages.droppedBy.partition > 0);
  t.equal(messages.sent + messages.duplicated,
    messages.delivered + messages.dropped + messages.inFlight);
  const { sent, duplicated, delivered, dropped } = result.counters;
  const sum = (counts: Float64Array): number => counts.reduce((all, count) => all + count, 0);
  const lost = Object.values(dropped).reduce((all, counts) => all + sum(counts), 0);
  t.equal(sum(sent) + sum(duplicated), sum(delivered) + lost + result.inFlight);
});

t.test('a coordinator that fails, and one that returns, changes the role', async (t) => {
  const { record } = await simulate(loadScenario('scenarios/coordinator-failover.yaml'));
  const { count, roleChanges } = record.summary.elections;
  t.ok(count >= 1 && roleChanges >= count, `${roleChanges} changes, ${count} elections`);
  const calm = await simulate(loadScenario('scenarios/coordinator-failover.yaml', {
    set: ['faults=[]'],
  }));
  t.equal(calm.record.summary.elections.roleChanges, 0);
});
