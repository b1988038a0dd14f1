/** A run whose books do not close says so itself, whatever it was asked to judge. */
import t from 'tap';
import { createRecorder } from '../../../analysis/index.js';
import { openAccount } from '../../../analysis/measures/books.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { loadScenario } from '../../../checker/scenario.js';
import { runSimulation } from '../../../sim/index.js';

const scenario = loadScenario('scenarios/smoke.yaml', {
  set: ['duration=90s', 'network.loss=5%', 'network.duplication=1%', 'invariants=none'],
});

async function lived() {
  const recorder = createRecorder(scenario, buildInventory(scenario));
  const result = await runSimulation(scenario, buildInventory(scenario), {
    sinks: recorder.sinks,
    instants: recorder.instants,
    samplePeriodUs: recorder.samplePeriodUs,
    sample: (timeUs, counters) => recorder.sample(timeUs, counters),
    progress: () => true,
  });
  return { recorder, result };
}

t.test('one message too many is told with the run', async (t) => {
  const other = await lived();
  const wrong = { ...other.result, inFlight: other.result.inFlight + 1 };
  const { broken } = other.recorder.finish(wrong).summary.invariants;
  t.match(broken, [{
    name: 'books-close', seconds: 90, detail: /^messages in flight in the end: \d+, but its/,
  }]);
});

t.test('they close, and every account is looked into', async (t) => {
  const { recorder, result } = await lived();
  const { summary } = recorder.finish(result);
  t.same(summary.invariants.broken, []);
  t.equal(openAccount(result, summary), null);
  const { messages, detection, rules, faults } = summary;
  const { actions } = rules;
  const more = { ...detection.byTarget.manager, missed: detection.byTarget.manager.missed + 1 };
  for (const [said, wrong] of [
    [/^messages sent and dup/, { messages: { ...messages, inFlight: messages.inFlight + 1 } }],
    [/^messages dropped/, {
      messages: { ...messages, droppedBy: { ...messages.droppedBy, loss: 0 } },
    }],
    [/^messages sent: /, { messages: { ...messages, byType: {} } }],
    [/^actions started/, { rules: { ...rules, actions: { ...actions, underWay: 99 } } }],
    [/^rules fired/, { rules: { ...rules, fired: rules.fired + 1 } }],
    [/^false positives/, { detection: { ...detection, falsePositives: 1e6 } }],
    [/^missed of detection/, {
      detection: { ...detection, byTarget: { ...detection.byTarget, manager: more } },
    }],
    [/^faults injected/, { faults: { ...faults, injected: faults.injected + 1 } }],
  ] as const) {
    t.match(openAccount(result, { ...summary, ...wrong }), said);
  }
  const { counters } = result;
  const type = counters.delivered.findIndex((count) => count > 0);
  const other = counters.delivered.findIndex((count, index) => count > 0 && index > type);
  const many = counters.sent[type] + counters.duplicated[type];
  counters.delivered[type] += many;
  counters.delivered[other] -= many;
  t.match(openAccount(result, summary), /: more of them arrived than were sent$/);
  t.end();
});
