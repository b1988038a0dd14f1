/**
 * An election, an overlay and a detector with messages and timers of their own, in both worlds; the
 * election and the detector are those of docs/extending.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { loadPlugins } from '../../campaign/plugins.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import { run, type Address, type Plugin } from '../../index.js';
import { runLive } from '../../live/index.js';
import { detectorConformance } from '../conformance/detector.js';
import party from './guest-overlay.js';
import { hooks, smokeFile } from '../live/fixture.js';

t.jobs = 1;

const folder = t.testdir({});
const page = readFileSync(join(import.meta.dirname, '../../../docs/extending.md'), 'utf8');

/** What the page says, in a file from which this checkout is found by its name. */
function fileOf(name: string): string {
  const file = join(folder, name);
  writeFileSync(file, new RegExp(`^\`\`\`js file=${name}\\n(.*?)^\`\`\`$`, 'ms').exec(page)![1]);
  return file;
}

const pluginOf = async (file: string): Promise<Plugin> =>
  ((await import(pathToFileURL(file).href)) as { default: Plugin }).default;

const bullyFile = fileOf('bully.mjs');
const swimFile = fileOf('swim.mjs');
const overlayFile = join(import.meta.dirname, 'guest-overlay.js');
const [bully, swim] = [await pluginOf(bullyFile), await pluginOf(swimFile)];

const text = `
duration: 10m
system: { managers: 6, resources: [{ kind: service, count: 30 }] }
coordination: { overlay: OVERLAY, election: { name: bully, timeoutUs: 2000000 } }
network: { loss: 0.5%, duplication: 2%, corruption: 1% }
faults:
  - { at: 3m, crash: coordinator, repairAfter: 2m }
  - { at: 7m, crash: manager-4, repairAfter: 1m }
`;

for (const overlay of ['full-mesh', 'pastry', 'party']) {
  t.test(`simulated, over ${overlay}`, async (t) => {
    const scenario = { text: text.replace('OVERLAY', overlay) };
    const set = ['coordination.detection=swim'];
    const options = { scenario, set, plugins: [bully, swim, party] };
    const { summary, messages, timeseries } = await run(options);
    t.ok(summary.final.healthy);
    t.equal(summary.final.coordinators, 1);
    t.same(summary.invariants.broken, []);
    t.ok(summary.elections.count > 0, 'there was an election after the crash');
    for (const type of ['bully/challenge', 'bully/alive', 'swim/ping', 'swim/request']) {
      const row = messages.find((one) => one.type === type)!;
      t.ok(row.sent > 0 && row.delivered > 0, type);
      t.same(summary.messages.byType[type], { sent: row.sent, bytes: row.bytes }, type);
    }
    const sum = Object.values(summary.messages.byType).reduce((all, one) => all + one.sent, 0);
    t.equal(sum, summary.messages.sent, 'guests count');
    const guests = messages.filter(({ type }) => type.includes('/'));
    const columns = messages.length - guests.length;
    t.equal(timeseries[0].per_type.length, columns, 'columns are for what comes along');
    if (overlay !== 'party') return;
    t.equal((await run(options)).summary.digest, summary.digest, 'again the same');
  });
}

/** A link is down, then a manager; whom the coordinator suspects. */
async function suspectedBy(detection: string) {
  const suspected: Address[] = [];
  const { summary } = await run({
    scenario: { text: `
duration: 8m
system: { managers: 6, resources: [{ kind: service, count: 30 }] }
faults:
  - at: 2m
    partition: { between: { these: coordinator, those: manager-5 } }
    repairAfter: 1m
  - { at: 5m, crash: manager-4, repairAfter: 1m }
` },
    set: [`coordination.detection=${detection}`], plugins: [swim],
    sinks: [{
      observe(_timeUs, _process, observation) {
        if (observation.type === 'manager-suspected') suspected.push(observation.manager);
      },
    }],
  });
  return { suspected, summary };
}

t.test('a detector that asks takes for dead only whom nobody reaches', async (t) => {
  const { suspected, summary } = await suspectedBy('swim');
  t.same(suspected, [3], 'manager-4');
  t.ok(summary.final.healthy);
  t.same(summary.invariants.broken, []);
  t.type(summary.recovery.boundSeconds, 'number', 'a bound is promised');
  t.same((await suspectedBy('fixed')).suspected, [4, 3]);
});

detectorConformance('swim', () => swim.detectors!['swim'].create(
  { others: 3, tryMs: 500, suspicionMs: 1000 },
  { heartbeatPeriodUs: 1000, timeoutUs: 3000 },
  { environment: {} as never, addressOf: () => -1, neighbours: () => [] },
), { periodUs: 1000, patienceUs: 3001 });

t.test('live', async (t) => {
  const { registry, files } = await loadPlugins([bullyFile, swimFile, overlayFile]);
  const set = [
    'duration=4s', 'warmUp=500ms', 'coordination.overlay=party',
    'coordination.election={ name: bully, timeoutUs: 300000 }',
    'coordination.detection={ name: swim, tryMs: 100, suspicionMs: 100 }',
    'faults=[{ at: 2s, pause: manager-6, repairAfter: 1s }]',
  ];
  const scenario = loadScenario(smokeFile, { set, plugins: registry });
  const { counters } = await runLive(scenario, buildInventory(scenario), hooks(), files);
  const types = [
    'bully/challenge', 'bully/alive', 'party/hello', 'party/parcel', 'swim/ping', 'swim/request',
    'swim/answer',
  ];
  for (const type of types) {
    const place = counters.types.indexOf(type);
    t.ok(counters.sent[place] > 0 && counters.delivered[place] > 0, type);
    t.ok(counters.bytes[place] >= counters.sent[place] * type.length, type);
  }
});
