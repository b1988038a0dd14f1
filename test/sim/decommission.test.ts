/** What is decommissioned is gone, whoever dies and whatever is cut off, until it comes anew. */
import t from 'tap';
import { shownAtLast, toldIn, type Told } from '../soak/forgotten.js';

const scenario = `
name: decommission
duration: 11m
system:
  managers: 5
  zones: 3
  resources: [{ kind: service, count: 10, perHost: 2, labels: { group: web } }]
invariants: all
faults:
  - { at: 100s, crash: host-5 }
  - { at: 2m, decommission: web-3 }
  - { at: 150s, decommission: host-5 }
  - { at: 3m, decommission: host-4, repairAfter: 3m }
  - { at: 4m, crash: coordinator, repairAfter: 1m }
  - { at: 5m, partition: [[zone-1], [zone-2, zone-3]], repairAfter: 2m }
  - { at: 330s, decommission: web-1 }
  - { at: 8m, restart: host-5 }
`;

const times = (told: readonly Told[], type: string, resource: number): number[] =>
  told.filter(({ what }) => what.type === type && 'resource' in what && what.resource === resource)
    .map(({ timeUs }) => timeUs / 1e6);

void t.test('decommissioned, and back as new', async (t) => {
  const { told, broken } = await toldIn(scenario, 1);
  t.same(broken, []);
  const [web1, web3, web7, web9] = [0, 2, 6, 8] as const;
  const shown = shownAtLast(told);
  t.same([...shown.keys()].sort((a, b) => a - b), [1, 3, 4, 5, 6, 7]);
  for (const one of [web1, web3, web7]) t.equal(times(told, 'resource-retired', one).length, 1);
  const [answered] = times(told, 'resource-decommissioned', web9);
  t.ok(answered > 150 && answered < 151, 'though its host is down');
  const [heard, ...more] = times(told, 'resource-retired', web9);
  t.ok(heard > 480 && more.length === 0, 'its host was down: it hears of it when it returns');
  t.equal(times(told, 'resource-registered', web7).length, 2, 'what comes back has a new number');
  t.ok(times(told, 'resource-decommissioned', web1).length > 0, 'while the links are cut');
});

const disksLost = `
name: decommissioned-without-a-disk
duration: 6m
system: { managers: 3, resources: [{ kind: service, count: 6, perHost: 2 }] }
invariants: all
faults:
  - { at: 80s, decommission: service-1 }
  - { at: 100s, crash: host-2 }
  - { at: 2m, decommission: service-3 }
  - { at: 130s, partition: { isolate: manager-1 }, repairAfter: 10s }
  - { at: 131s, decommission: service-5 }
  - { at: 132s, restart: manager-1, repairAfter: 10s }
  - { at: 150s, restart: [host-1, host-2, host-3], loseState: true, repairAfter: 10s }
  - { at: 4m, restart: [host-1, host-2, host-3], repairAfter: 10s }
`;

void t.test('a host that lost its disk is set up without what was decommissioned', async (t) => {
  const { told, broken } = await toldIn(disksLost, 1);
  t.same(broken, []);
  const heard = 0;
  const unheard = 2;
  const shown = shownAtLast(told);
  t.same([...shown.keys()].sort((a, b) => a - b), [1, 3, 4, 5]);
  const unanswered = 4;
  t.equal(times(told, 'resource-decommissioned', unanswered).length, 0);
  t.equal(times(told, 'resource-retired', unanswered).length, 0, 'nor is it left out');
  for (const one of [heard, unheard]) {
    t.equal(times(told, 'resource-retired', one).at(-1), 160, 'when its host returns');
    t.equal(times(told, 'resource-registered', one).length, 1, 'and not anew');
  }
});

const changedItsMind = `
name: commissioned-before-anybody-heard
duration: 5m
system: { managers: 3, resources: [{ kind: service, count: 4, perHost: 2 }] }
coordination: { entriesPerMessage: 2 }
invariants: all
faults:
  - { at: 80s, decommission: [host-1, service-3], repairAfter: 2s }
  - { at: 99s, partition: { isolate: manager-1 }, repairAfter: 4s }
  - { at: 100s, decommission: service-1, repairAfter: 2s }
`;

void t.test('what is commissioned again before anybody heard stays', async (t) => {
  const { told, broken } = await toldIn(changedItsMind, 1);
  t.same(broken, []);
  t.same([...shownAtLast(told).keys()].sort((a, b) => a - b), [0, 1, 2, 3]);
  for (const one of [0, 1, 2]) {
    t.same(times(told, 'resource-retired', one).map(Math.floor), [80], 'all are told at once');
  }
});
