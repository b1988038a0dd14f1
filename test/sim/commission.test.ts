/** What a `commission` names is not there before, and is managed from then on. */
import t from 'tap';
import { toldIn, type Told } from '../soak/forgotten.js';
import { simulate } from '../soak/simulate.js';
import { parseScenario } from '../../checker/scenario.js';

const scenario = (inventory: boolean): string => `
name: commission
duration: 6m
warmUp: 30s
system:
  managers: 5
  zones: 3
  resources:
    - { kind: service, count: 9, perHost: 3, labels: { group: web } }
    - { kind: service, count: 4, labels: { group: db }, spares: 1 }
coordination: { inventory: ${inventory} }
invariants: all
faults:
  - { at: 40s, restart: [host-2, manager-3, web-1] }
  - { at: 60s, commission: host-2 }
  - { at: 90s, commission: [web-1, db-4, manager-3] }
  - { at: 100s, crash: host-1, repairAfter: 20s }
  - { at: 2m, decommission: web-2 }
  - { at: 3m, commission: web-2 }
  - { at: 4m, crash: coordinator }
`;

const times = (told: readonly Told[], type: string, process: number): number[] =>
  told.filter(({ what, process: by }) => what.type === type && by === process)
    .map(({ timeUs }) => timeUs / 1e6);

const ofResource = (told: readonly Told[], type: string, resource: number): number[] =>
  told.filter(({ what }) => what.type === type && 'resource' in what && what.resource === resource)
    .map(({ timeUs }) => timeUs / 1e6);

const [manager3, host2] = [2, 6];
const [web1, web2, web4, db4] = [0, 1, 3, 12];

void t.test('it comes when it is commissioned', async (t) => {
  const { told, broken } = await toldIn(scenario(true), 1);
  t.same(broken, []);
  t.same(times(told, 'process-up', host2), [60]);
  t.same(times(told, 'process-up', manager3), [90]);
  t.ok(times(told, 'listing-added', manager3).length > 0, 'it is given its share');
  for (const [resource, atS] of [[web4, 60], [web1, 90], [db4, 90]] as const) {
    t.equal(ofResource(told, 'resource-state', resource)[0], atS);
    const [shown] = ofResource(told, 'model-entity', resource);
    t.ok(shown >= atS && shown < atS + 1, 'its manager knows at once');
    t.equal(ofResource(told, 'resource-registered', resource).length, 1);
  }
  const again = ofResource(told, 'resource-registered', web2);
  t.ok(again.length === 2 && again[1] > 180, 'it was there, went, and is another');
});

void t.test('without an inventory as well', async (t) => {
  const { told, broken } = await toldIn(scenario(false), 1);
  t.same(broken, []);
  t.ok(ofResource(told, 'model-entity', web1)[0] >= 90);
});

void t.test('it is not missed before', async (t) => {
  const given = parseScenario(scenario(true), 'commission.yaml');
  const shareOf = async (faults: typeof given.faults): Promise<number> => {
    const { record } = await simulate({ ...given, durationUs: 85e6, faults });
    return record.summary.availability.resourcesUpShare!;
  };
  t.equal(await shareOf(given.faults.slice(2)), 1);
  t.equal(await shareOf([]), 1);
});
