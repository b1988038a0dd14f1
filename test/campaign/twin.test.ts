import { join } from 'node:path';
import t from 'tap';
import { recordRun } from '../../campaign/record-run.js';
import { parseScenario } from '../../checker/scenario.js';
import { buildInventory } from '../../experiment/inventory.js';
import { checkLive } from '../../live/supervisor/limits.js';
import { runSimulation } from '../../sim/index.js';

const scenario = (...set: string[]) => parseScenario(`
duration: 9m
warmUp: 1m
system: { managers: 4, resources: [{ kind: service, count: 12 }] }
measure: { samples: 10 }
faults:
  - { at: 2m, crash: coordinator, repairAfter: 90s }
  - { at: 6m, crash: { managers: 1 }, repairAfter: 30s }
`, 'twin.yaml', { set });

/** How many messages the same seed sends without faults, in that time. */
async function sentInPeace(fromUs: number, toUs: number): Promise<number> {
  const peace = { ...scenario(), faults: [] };
  let count = 0;
  await runSimulation(peace, buildInventory(peace), {
    sinks: [], samplePeriodUs: 0, sample: () => {}, progress: () => true,
    messages: {
      sent: (timeUs) => { if (timeUs >= fromUs && timeUs < toUs) count += 1; },
      duplicated: () => {}, received: () => {}, dropped: () => {},
    },
  });
  return count;
}

t.test('an episode is told what it sent beyond the same seed without faults', async (t) => {
  const [plain, twin] = await Promise.all([[], ['measure.twin=true']].map((set, index) =>
    recordRun({ scenario: scenario(...set), out: join(t.testdirName, String(index)) })));
  t.equal(twin.record.summary.digest, plain.record.summary.digest, 'the run itself is the same');
  t.same(plain.record.episodes.map((row) => row.beyond_twin), [null, null]);
  t.equal(plain.record.summary.recovery.beyondTwin, null);
  const { episodes, summary } = twin.record;
  t.equal(episodes.length, 2);
  for (const { start_s: start, end_s: end, sent, beyond_twin: beyond, extra_messages: extra } of
    episodes) {
    const peace = await sentInPeace(Math.round(start * 1e6), Math.round(end! * 1e6));
    t.equal(sent - beyond!, peace, 'counted by code of its own');
    t.ok(beyond! > 0 && beyond! <= extra, `the dead send nothing: ${beyond} of ${extra} extra`);
  }
  const sum = episodes.reduce((all, row) => all + row.beyond_twin!, 0);
  t.equal(summary.recovery.beyondTwin, sum);
});

t.test('a live run has no twin', (t) => {
  t.throws(() => checkLive(scenario('measure.twin=true'), []), /measure\.twin/);
  t.end();
});
