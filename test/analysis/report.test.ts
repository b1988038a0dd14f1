import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import t from 'tap';
import { writeReport, writeRunDirectory } from '../../analysis/index.js';
import { syntheticRun } from './synthetic.js';

const executablePath = '/usr/bin/chromium';
const missing = existsSync(executablePath)
  ? false
  : `${executablePath} is missing (apt-get install chromium): the report was not looked at`;

const manifest = {
  version: '0.0.0',
  node: 'v20',
  platform: 'test',
  wallSeconds: 1,
  peakMemoryBytes: 1e8,
  command: "sim run scenarios/synthetic.yaml --set 'x=<b>'",
};
const names = [
  'managed', 'anatomy', 'bound', 'path', 'episode-cost', 'episode-1', 'episode-2', 'messages',
  'detection',
];

function makeRun(directory: string): void {
  const shape = { durationSeconds: 7200, episodes: 5, resourceFaults: 70, closeUps: 2 };
  const record = syntheticRun(shape);
  const scenarioYaml = 'name: synthetic\ndescription: What a bad afternoon <does> to a thousand.\n';
  writeRunDirectory(directory, record, { scenarioYaml, manifest });
}

void t.test('a report is redone from the run directory alone', async (t) => {
  const directory = join(t.testdir(), 'run');
  makeRun(directory);
  const { html, charts } = await writeReport(directory);
  const files = names.flatMap((name) => [`${name}.svg`, `${name}.vl.json`]);
  t.same(charts, files.map((name) => join(directory, name)));
  const before = readFileSync(html, 'utf8');
  t.ok(before.includes('bad afternoon &lt;does&gt; to'));
  t.ok(before.includes('--set &#39;x=&lt;b&gt;&#39;'));
  for (const file of files) t.ok(existsSync(join(directory, file)), file);
  const spec = JSON.parse(readFileSync(join(directory, 'managed.vl.json'), 'utf8')) as object;
  t.match(spec, { $schema: 'https://vega.github.io/schema/vega-lite/v6.json' });
  const listed = readdirSync(directory);
  writeFileSync(html, 'broken');
  await writeReport(directory);
  t.ok(readFileSync(html, 'utf8') === before, 'byte for byte');
  t.same(readdirSync(directory), listed, 'nothing is left behind');
  await t.rejects(writeReport(join(directory, 'none')), { code: 'NOT_A_RUN' });
});

void t.test('in Chromium: no error, no request outside, marks in every chart', {
  skip: missing,
}, async (t) => {
  const directory = join(t.testdir(), 'run');
  makeRun(directory);
  const { html } = await writeReport(directory);
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1080, height: 900 } });
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(html).href);
  t.same(said, []);
  t.same(asked, [pathToFileURL(html).href], 'the page needs nothing but itself');
  t.same(
    await page.locator('figure').evaluateAll((figures) => figures.map(({ id }) => id)),
    names,
  );
  for (const name of names) {
    const svg = page.locator(`#${name} svg`);
    const marks = svg.locator('[class*="mark-"] path, [class*="mark-"] line');
    const sizes = await marks.evaluateAll((nodes) =>
      nodes.map((node) => {
        const { width, height } = node.getBoundingClientRect();
        return Math.max(width, height);
      }),
    );
    t.ok(sizes.filter((size) => size > 2).length >= 3, `${name}: visible marks`);
    const box = await svg.boundingBox();
    t.ok(box !== null && box.width <= 1080 && box.height > 100, `${name}: fits the page`);
  }
  const wide = await page.evaluate('document.documentElement.scrollWidth');
  t.ok(Number(wide) <= 1080, 'nothing to scroll sideways to');
});
