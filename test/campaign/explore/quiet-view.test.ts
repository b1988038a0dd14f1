import t from 'tap';
import { QuietView } from '../../../campaign/explore/quiet-view.js';
import { messageTypes, type MessageType } from '../../../core/messages.js';
import { parseScenario } from '../../../checker/scenario.js';
import { MessageCounters } from '../../../experiment/world.js';

/** Ten resources that send a heartbeat every 10 s, and a quiet of 300 s from 100 s on. */
function view(network = '{}', assignment = 'least-loaded', isEven = true): {
  view: QuietView; sent: (type: MessageType, count: number) => void;
} {
  const scenario = parseScenario(`
name: quiet
duration: 400s
system: { managers: 2, resources: [{ kind: service, count: 10, perHost: 1 }] }
coordination: { resources: { heartbeatPeriod: 10s }, assignment: ${assignment} }
network: ${network}
`, 'quiet.yaml');
  const quiet = new QuietView(scenario, 300e6, { isEven });
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

t.test('an action is sent again until it has expired', (t) => {
  const { view: quiet, sent } = view();
  sent('action-request', 1);
  const started = { type: 'action-started', rule: 'r', verb: 'restart', resource: 0 } as const;
  // Four times 30 s, and as many looks.
  quiet.observe(170e6, 0, { ...started, action: 1 });
  t.match(quiet.flaw(), /1 action-request$/, 'none of these is sent any more');
  quiet.observe(190e6, 0, { ...started, action: 2 });
  t.equal(quiet.flaw(), null);
  quiet.observe(200e6, 0, {
    type: 'action-ended', rule: 'r', resource: 0, action: 2, outcome: 'succeeded',
  });
  t.match(quiet.flaw(), /1 action-request$/);
  t.end();
});

t.test('what had to wait moves late, and an agent that does not come is asked why', (t) => {
  const { view: quiet, sent } = view();
  sent('agent-probe', 1);
  t.match(quiet.flaw(), /1 agent-probe$/);
  quiet.observe(290e6, 0, { type: 'mark', name: 'manager left alone by balancing' });
  t.equal(quiet.flaw(), null);
  t.end();
});

t.test('moves go on at their pace where loads were uneven when the last part began', (t) => {
  const { view: quiet, sent } = view('{}', 'least-loaded', false);
  sent('resource-hand-over', 1);
  t.equal(quiet.flaw(), null);
  sent('resource-release', 1);
  t.match(quiet.flaw(), /1 resource-release$/, 'and nothing else does');
  t.end();
});

t.test('an owner whom an agent did not hear gets its resource once that is forgotten', (t) => {
  const lost = { type: 'pointer-lost', resource: 3, why: 'silent' } as const;
  const token = {
    ballot: { counter: 1, node: '0', incarnation: 1, address: 1 }, sequence: 1,
  };
  const found = { type: 'pointer-set', resource: 3, manager: 1, token } as const;
  for (const [assignment, isExcused] of [
    ['least-loaded', false], ['consistent-hashing', true],
  ] as const) {
    const { view: quiet, sent } = view('{}', assignment);
    sent('resource-hand-over', 1);
    quiet.observe(100e6, 2, { ...lost, why: 'unknown' });
    quiet.observe(101e6, 2, found);
    t.match(quiet.flaw(), /1 resource-hand-over$/);
    quiet.observe(102e6, 2, lost);
    quiet.observe(103e6, 2, found);
    t.equal(quiet.flaw() === null, isExcused, assignment);
  }
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
