/** What becomes of who holds what when parts that could not reach each other grow together. */
import t from 'tap';
import { parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

const scenario = (zone: number): string => `
name: heal
duration: 8m
warmUp: 2m
system: { managers: 5, zones: 5, resources: [{ kind: service, count: 100, perHost: 5 }] }
faults:
  - at: 3m
    partition: [[zone-${zone}], [${[1, 2, 3, 4, 5].filter((one) => one !== zone).map((one) =>
      `zone-${one}`).join(', ')}]]
    repairAfter: 40s
`;

// Zone 2 has the coordinator, which gives all it cannot reach to its own manager.
for (const zone of [2, 3]) {
  void t.test(`zone ${zone} was cut off: who hears a resource keeps it`, async (t) => {
    let [moves, strangers] = [0, 0];
    const { record } = await simulate(parseScenario(scenario(zone), 'heal.yaml'), {
      sinks: () => [{ observe: (timeUs, _process, what) => {
        if (timeUs < 220e6) return;
        if (what.type === 'resource-moved') moves += 1;
        if (what.type === 'pointer-lost' && what.why === 'unknown') strangers += 1;
      } }],
    });
    t.equal(strangers, 0, 'nobody is told that his manager does not know him');
    t.equal(record.summary.detection.falsePositives, 0, 'who hears nothing holds nothing');
    t.ok(moves <= 5, `${moves} are moved to even out what the cut brought`);
    t.same(record.summary.invariants.broken, []);
    t.ok(record.summary.final.healthy);
  });
}
