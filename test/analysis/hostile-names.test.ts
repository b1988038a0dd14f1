/** What users name stands in pages and pictures as text, whatever it is. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import {
  exportTrace, fitDurations, writeFitChart, writeReport, writeRunDirectory,
} from '../../analysis/index.js';
import { markup, trusted } from '../../analysis/report/markup.js';
import { SweepDirectory, scalarsOf } from '../../analysis/sweep/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { parseScenario } from '../../checker/scenario.js';
import { noBrowser, openBrowser } from './looks/look.js';
import { syntheticRun } from './synthetic.js';

const hostile = `x'"><i class='planted' onmouseover="planted">&amp;</i><script>planted()</script>`;
const manifest = {
  version: hostile, node: hostile, platform: hostile, wallSeconds: 1, peakMemoryBytes: 1,
  command: `sim run ${hostile}`,
};
const scenarioYaml = `name: ${JSON.stringify(hostile)}\ndescription: ${JSON.stringify(hostile)}\n`;

function hostileRun() {
  const shape = { durationSeconds: 7200, episodes: 2, resourceFaults: 2, samples: 20, closeUps: 1 };
  const record = syntheticRun(shape);
  const { summary } = record;
  return {
    ...record,
    summary: {
      ...summary,
      scenario: hostile,
      warnings: [hostile],
      faults: { ...summary.faults, byKind: { [hostile]: 3 } },
      invariants: {
        checked: [hostile], broken: [{ name: hostile, seconds: 1, detail: hostile }],
      },
      rules: {
        ...summary.rules,
        brakes: {
          held: { all: 1 }, gaveUp: 0, resumed: 0, fights: 0, told: [hostile],
        } as unknown as NonNullable<typeof summary.rules.brakes>,
      },
    },
    episodes: record.episodes.map((row) => ({ ...row, cause: hostile })),
    faults: [...record.faults].map((row) => ({ ...row, kind: hostile, target: hostile })),
    closeUps: record.closeUps.map((one) => ({
      ...one,
      spells: one.spells.map((spell) => ({ ...spell, resource: hostile, manager: hostile })),
      rows: one.rows.map((row) => ({ ...row, sent: { [hostile]: 3 } })),
    })),
    messages: record.messages.map((row) => ({ ...row, type: hostile })),
    stories: record.stories.map((story) => ({ ...story, text: hostile })),
  };
}

/** Writes every page and picture that we write, all of hostile names. */
async function writeAll(folder: string): Promise<string[]> {
  const run = join(folder, 'run');
  writeRunDirectory(run, hostileRun(), { scenarioYaml, manifest });
  const sweep = SweepDirectory.open(join(folder, 'sweep'), 'id', null);
  const axes = [
    { path: 'coordination.detection', values: [hostile, `${hostile} 2`] },
    { path: 'system.managers', values: ['3', '5', '9'] },
  ];
  const rows = axes[0].values.flatMap((name) => axes[1].values.map((count, index) => ({
    runId: `r-${count}`, status: 'broken' as const, seed: 1, replication: 1, cell: index + 1,
    values: [name, count],
    scalars: { ...scalarsOf(hostileRun().summary), 'detection.seconds.mean': index + 1 },
  })));
  sweep.writeSweep(JSON.stringify({
    name: 's', description: hostile, base: { duration: '2h' }, replications: 1,
    vary: Object.fromEntries(axes.map(({ path, values }) => [path, values])),
    report: {
      measures: ['detection.seconds.mean', 'messages.sentPerSecond'],
      axes: { 'system.managers': hostile, 'coordination.detection': hostile },
      tradeoff: { x: 'messages.sentPerSecond', y: 'detection.seconds.mean' },
    },
  }));
  for (const { runId } of rows.slice(0, 3)) {
    writeRunDirectory(sweep.run(runId), hostileRun(), { scenarioYaml, manifest });
  }
  sweep.writeRuns(axes, rows);
  sweep.writeManifest({ sweep: 'id', shard: null, complete: true, ...manifest, jobs: hostile });
  sweep.close();
  const reports = [await writeReport(run), await writeReport(join(folder, 'sweep'))];
  const traced = join(folder, 'traced');
  mkdirSync(traced);
  const lines = [
    { t: 10, p: 0, type: 'process-up', incarnation: 1 },
    {
      t: 20, p: -1, type: 'fault-began', fault: 0, kind: 'crash', target: hostile, processes: [0],
      resources: [],
    },
    { t: 30, p: 1, type: 'message-sent', to: 0, message: hostile, id: 0 },
  ];
  const text = lines.map((one) => `${JSON.stringify(one)}\n`).join('');
  writeFileSync(join(traced, 'trace.jsonl'), text);
  const inventory = buildInventory(parseScenario(
    'duration: 1m\nsystem: { managers: 2, resources: [{ kind: service, count: 2 }] }\n', 's.yaml',
  ));
  const pictures = exportTrace(traced, ['space-time'], inventory, hostile);
  const times = [1, 3, 7, 20].map((time) => ({ time, censored: false, node: 'n' }));
  const fit = fitDurations(times, times.length, { confidence: 0.95, rounds: 0, seed: 1 });
  const fits = await writeFitChart(folder, hostile, [{ name: hostile, fit }]);
  return [...reports.flatMap(({ html, charts }) => [html, ...charts]), ...pictures, ...fits]
    .filter((path) => /\.(html|svg)$/.test(path));
}

t.test('a template escapes what is put into it, but for what a template made', (t) => {
  const inner = markup`<b>${hostile}</b>`;
  t.equal(
    markup`<p title="${hostile}">${[inner, null, false, 3]}</p>`.toString(),
    '<p title="x&#39;&quot;&gt;&lt;i class=&#39;planted&#39; onmouseover=&quot;planted&quot;&gt;' +
      '&amp;amp;&lt;/i&gt;&lt;script&gt;planted()&lt;/script&gt;"><b>x&#39;&quot;&gt;&lt;i ' +
      'class=&#39;planted&#39; onmouseover=&quot;planted&quot;&gt;&amp;amp;&lt;/i&gt;&lt;script' +
      '&gt;planted()&lt;/script&gt;</b>\n3</p>',
  );
  t.equal(trusted(hostile).toString(), hostile);
  t.end();
});

t.test('in every page and picture that is written', async (t) => {
  const paths = await writeAll(t.testdir());
  let shows = 0;
  for (const path of paths) {
    const text = readFileSync(path, 'utf8');
    if (text.includes('planted')) shows += 1;
    const raw = /<i |<script>planted|x'">|="[^"<>]*" onmouseover="/.exec(text)?.[0];
    t.equal(raw, undefined, path);
  }
  // Those of messages and of detection times name nothing of a user's.
  t.ok(shows >= paths.length - 2 && shows > 9, `${shows} files of ${paths.length} show it`);
  if (noBrowser !== false) return t.pass('not looked at', { skip: noBrowser });
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  for (const path of paths.filter((one) => one.endsWith('.html'))) {
    const said: string[] = [];
    page.removeAllListeners('pageerror');
    page.on('pageerror', (error) => said.push(error.message));
    await page.goto(pathToFileURL(path).href);
    const planted = await page.locator('.planted, [onmouseover], script:not(main + *)').count();
    t.same([planted, said], [0, []], path);
  }
  return undefined;
});
