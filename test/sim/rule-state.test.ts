/** What local rules keep in mind outlives the managers that enforce them. */
import t from 'tap';
import type { Observation } from '../../core/observations.js';
import { parseScenario } from '../../checker/scenario.js';
import { needlessOf } from '../soak/needless.js';
import { noticesOf } from '../soak/rule-state.js';
import { simulate } from '../soak/simulate.js';

const often = '{ heartbeatPeriod: 1s }';

async function counted(rule: string, faults: string, handOn: boolean): Promise<{
  readonly restarts: number; readonly notices: number; readonly moves: number;
  readonly broken: readonly unknown[];
}> {
  let [restarts, notices, moves] = [0, 0, 0];
  const { record } = await simulate(parseScenario(`
name: rule-state
duration: 20m
warmUp: 1m
system: { managers: 4, resources: [{ kind: service, count: 4, labels: { group: web } }] }
coordination:
  resources: ${often}
  managers: ${often}
  standbys: 2
  actions: { handOn: ${handOn} }
rules: [{ file: r.yaml, text: 'rules: [${rule}]' }]
faults: [${faults}]
`, 'case.yaml'), {
    sinks: () => [{
      observe: (_timeUs: number, _process: number, what: Observation) => {
        if (what.type === 'actuated') restarts += 1;
        if (what.type === 'notified') notices += 1;
        if (what.type === 'listing-added') moves += 1;
      },
    }],
  });
  return { restarts, notices, moves, broken: record.summary.invariants.broken };
}

/** Managers die and go while it is on: each for 50 s of every five minutes, one after another. */
const churn = ['crash', 'leave', 'crash', 'leave'].map((what, index) =>
  `{ every: 5m, from: ${180 + 70 * index}s, ${what}: manager-${index + 1}, repairAfter: 50s }`);

const mend = '{ name: mend, scope: local, do: restart, when: \'\'entity.state == "down"\'\', ' +
  'limit: { atMost: 5, per: 60m, then: give-up } }';
const crashes = '{ every: 20s, from: 2m, crash: web-1 }';

void t.test('no more attempts where managers come and go than where they stay', async (t) => {
  const quiet = await counted(mend, crashes, true);
  const churned = await counted(mend, [crashes, ...churn].join(', '), true);
  const forgetful = await counted(mend, [crashes, ...churn].join(', '), false);
  t.equal(quiet.restarts, 5);
  t.ok(churned.moves > quiet.moves + 10, `${churned.moves} listings`);
  t.ok(churned.restarts <= 5, `${churned.restarts} restarts with churn`);
  t.ok(forgetful.restarts > 5, `${forgetful.restarts} without handOn`);
  t.same(churned.broken, []);
});

const tell = '{ name: tell, scope: local, when: \'\'entity.incarnation > 0\'\', ' +
  'notify: entity.name }';

void t.test('a notice of what lasts is given once for each resource', async (t) => {
  const churned = await counted(tell, churn.join(', '), true);
  t.equal(churned.notices, 4);
  const forgetful = await counted(tell, churn.join(', '), false);
  t.ok(forgetful.notices > 6, `${forgetful.notices} without handOn`);
});

void t.test('overload that lasts is told once, however often the coordinator fails', async (t) => {
  const { distinct, unmarked, failOvers, broken } = await noticesOf(3, 100, 1);
  t.same(distinct, { one: 20, group: 1 });
  t.equal(unmarked, 0);
  t.equal(failOvers, 3);
  t.same(broken, []);
});

/** How long after its election a successor enforces global rules: on some groups, and on all. */
async function enforcedWithin(standbys: number): Promise<{ known: number | null; all: number }> {
  let [electedUs, known, all] = [0, null as number | null, 0];
  await simulate(parseScenario(`
name: enforced
duration: 4m
system: { managers: 9, resources: [{ kind: service, count: 60, labels: { group: web } }] }
coordination: { standbys: ${standbys} }
rules: [{ file: r.yaml, text: 'rules: [${lasting}]' }]
faults: [{ at: 2m, crash: coordinator }]
`, 'case.yaml'), {
    sinks: () => [{
      observe: (timeUs: number, _process: number, what: Observation) => {
        if (what.type === 'coordinator-elected') electedUs = timeUs;
        if (what.type !== 'rules-enforced') return;
        if (what.groups === 'all') all = timeUs - electedUs;
        else known = timeUs - electedUs;
      },
    }],
  });
  return { known, all };
}

const lasting = '{ name: few, scope: global, group: entity.labels.group, ' +
  'when: group.up < 99, notify: group.name }';

void t.test('a standby enforces rules on what it knows as soon as managers report', async (t) => {
  const { known, all } = await enforcedWithin(2);
  // Two messages of at most 10 ms each way, and a check after half a second at most.
  t.ok(known !== null && known <= 540_000, `${known} us`);
  t.ok(all > 5e6, `${all} us`);
  const alone = await enforcedWithin(0);
  t.equal(alone.known, null);
});

void t.test('half the managers die, and nothing is started but for what died too', async (t) => {
  t.match(await needlessOf(1, 0), { starts: 0, broken: [] });
  t.match(await needlessOf(4, 2), { starts: 2, broken: [] });
});
