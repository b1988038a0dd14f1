/**
 * An election and an overlay with messages and timers of their own, in both worlds; the election is
 * that of docs/extending.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { loadPlugins } from '../../campaign/plugins.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../experiment/scenario/index.js';
import { run, type Plugin } from '../../index.js';
import { runLive } from '../../live/index.js';
import party from './guest-overlay.js';
import { hooks, smokeFile } from '../live/fixture.js';

t.jobs = 1;

/** What the page says, in a file from which this checkout is found by its name. */
const file = join(t.testdir({ 'bully.mjs': '' }), 'bully.mjs');
const page = readFileSync(join(import.meta.dirname, '../../../docs/extending.md'), 'utf8');
writeFileSync(file, /^```js file=bully\.mjs\n(.*?)^```$/ms.exec(page)![1]);

const overlayFile = join(import.meta.dirname, 'guest-overlay.js');

const text = `
duration: 10m
system: { managers: 6, resources: [{ kind: service, count: 30 }] }
coordination: { overlay: OVERLAY, election: { name: bully, timeoutUs: 2000000 } }
network: { loss: 0.5%, duplication: 2%, corruption: 1% }
faults:
  - { at: 3m, crash: coordinator, repairAfter: 2m }
  - { at: 7m, crash: manager-2, repairAfter: 1m }
`;

for (const overlay of ['full-mesh', 'pastry', 'party']) {
  t.test(`simulated, over ${overlay}`, async (t) => {
    const { default: plugin } = (await import(pathToFileURL(file).href)) as { default: Plugin };
    const scenario = { text: text.replace('OVERLAY', overlay) };
    const options = { scenario, plugins: [plugin, party] };
    const { summary, messages, timeseries } = await run(options);
    t.ok(summary.final.healthy);
    t.equal(summary.final.coordinators, 1);
    t.same(summary.invariants.broken, []);
    t.ok(summary.elections.count > 0, 'there was an election after the crash');
    for (const type of ['bully/challenge', 'bully/alive']) {
      const row = messages.find((one) => one.type === type)!;
      t.ok(row.sent > 0 && row.delivered > 0, type);
      t.same(summary.messages.byType[type], { sent: row.sent, bytes: row.bytes }, type);
    }
    const sum = Object.values(summary.messages.byType).reduce((all, one) => all + one!.sent, 0);
    t.equal(sum, summary.messages.sent, 'guests count');
    const guests = messages.filter(({ type }) => type.includes('/'));
    const columns = messages.length - guests.length;
    t.equal(timeseries[0].per_type.length, columns, 'columns are for what comes along');
    t.equal((await run(options)).summary.digest, summary.digest, 'again the same');
  });
}

t.test('live', async (t) => {
  const { registry, files } = await loadPlugins([file, overlayFile]);
  const set = [
    'duration=4s', 'warmUp=500ms', 'faults=[]', 'coordination.election=bully',
    'coordination.overlay=party',
  ];
  const scenario = loadScenario(smokeFile, { set, plugins: registry });
  const { counters } = await runLive(scenario, buildInventory(scenario), hooks(), files);
  for (const type of ['bully/challenge', 'bully/alive', 'party/hello', 'party/parcel']) {
    const place = counters.types.indexOf(type);
    t.ok(counters.sent[place] > 0 && counters.delivered[place] > 0, type);
    t.ok(counters.bytes[place] >= counters.sent[place] * type.length, type);
  }
});
