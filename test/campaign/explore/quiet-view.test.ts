import t from 'tap';
import { QuietView } from '../../../campaign/explore/quiet-view.js';
import { messageTypes, type MessageType } from '../../../core/messages.js';
import { parseScenario } from '../../../checker/scenario.js';
import { MessageCounters } from '../../../experiment/world.js';

/** Ten resources that send a heartbeat every 10 s, and a quiet of 300 s from 100 s on. */
function view(network = '{}'): {
  view: QuietView; sent: (type: MessageType, count: number) => void;
} {
  const scenario = parseScenario(`
name: quiet
duration: 400s
system: { managers: 2, resources: [{ kind: service, count: 10, perHost: 1 }] }
coordination: { resources: { heartbeatPeriod: 10s } }
network: ${network}
`, 'quiet.yaml');
  const quiet = new QuietView(scenario, 300e6);
  const counters = new MessageCounters();
  quiet.sample(200e6, counters);
  counters.sent.fill(7);
  quiet.sample(300e6, counters);
  return {
    view: quiet,
    sent: (type, count) => {
      counters.sent[messageTypes.indexOf(type)] += count;
      quiet.sample(400e6, counters);
    },
  };
}

t.test('heartbeats at their period are quiet, twice as many are not', (t) => {
  const { view: quiet, sent } = view();
  sent('resource-heartbeat', 100);
  sent('manager-heartbeat', 10);
  t.equal(quiet.flaw(), null);
  sent('resource-heartbeat', 100);
  t.equal(
    quiet.flaw(),
    'all was well, and in the last 100 s were still sent 200 resource-heartbeat',
  );
  t.end();
});

t.test('what is repeated where nothing changes is told, unless somebody was suspected', (t) => {
  const { view: quiet, sent } = view();
  sent('resource-release', 1);
  t.match(quiet.flaw(), /1 resource-release$/);
  quiet.observe(100e6, 0, { type: 'manager-suspected', manager: 1 });
  t.match(quiet.flaw(), /1 resource-release$/, 'long before');
  quiet.observe(350e6, 0, { type: 'manager-suspected', manager: 1 });
  t.equal(quiet.flaw(), null);
  t.end();
});

t.test('actions go on only where a rule has just fired or one of them failed', (t) => {
  const { view: quiet, sent } = view();
  sent('action-request', 1);
  t.match(quiet.flaw(), /1 action-request$/);
  quiet.observe(350e6, 0, { type: 'rule-fired', rule: 'r', scope: 'local', target: 'x' });
  t.equal(quiet.flaw(), null);
  t.end();
});

t.test('a move that failed is tried again, and what was asked before has its end', (t) => {
  const { view: quiet, sent } = view();
  sent('resource-hand-over', 1);
  quiet.observe(1e6, 0, { type: 'mark', name: 'move given up' });
  t.match(quiet.flaw(), /1 resource-hand-over$/, 'long before');
  quiet.observe(299e6, 0, { type: 'mark', name: 'move given up' });
  t.equal(quiet.flaw(), null);
  sent('action-outcome', 1);
  t.match(quiet.flaw(), /1 action-outcome$/);
  quiet.observe(350e6, 0, {
    type: 'action-ended', rule: 'r', resource: 0, action: 1, outcome: 'succeeded',
  });
  t.equal(quiet.flaw(), null);
  t.end();
});

t.test('where messages are lost they may have to be repeated at any time', (t) => {
  const { view: quiet, sent } = view('{ loss: 1% }');
  sent('resource-release', 1);
  t.equal(quiet.flaw(), null);
  t.end();
});
