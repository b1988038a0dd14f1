import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import t from 'tap';
import { writeReport } from '../../analysis/index.js';
import { axisScale, xChannel } from '../../analysis/report/sweep/axis.js';
import { costChart, exponentText, growths } from '../../analysis/report/sweep/cost-chart.js';
import { inCell, sweepData } from '../../analysis/report/sweep/data.js';
import { withInterval } from '../../analysis/report/sweep/interval-text.js';
import { logTicks } from '../../analysis/report/sweep/ticks.js';
import { changeText, trends } from '../../analysis/report/sweep/trends-chart.js';
import { wrapped } from '../../analysis/report/sweep/wrapped.js';
import type { SweepRow } from '../../analysis/sweep/index.js';
import type { SweepOutline } from '../../experiment/sweep/index.js';
import { axes, losses, makeReportSweep as makeSweep, sizes } from './report-sweep.js';

const executablePath = '/usr/bin/chromium';
const missing = existsSync(executablePath)
  ? false
  : `${executablePath} is missing (apt-get install chromium): the report was not looked at`;

const names = ['measures', 'recovery', 'tradeoff', 'trends', 'cost'];
void t.test('the report of a sweep is redone from its directory alone', async (t) => {
  const directory = join(t.testdir(), 'sweep');
  makeSweep(directory);
  const { html, charts } = await writeReport(directory);
  const files = names.flatMap((name) => [`${name}.svg`, `${name}.vl.json`]);
  t.same(charts, files.map((name) => join(directory, name)));
  const before = readFileSync(html, 'utf8');
  t.ok(before.includes('bad afternoon &lt;does&gt; to'));
  t.ok(before.includes('sim sweep &lt;s&gt;'));
  t.match(before, /<h2>Configuration<\/h2>/);
  t.match(before, /0 broke a promise and 2 crashed/);
  t.match(before, /14 s \([\d.]+ s to [\d.]+ s\)\*/, 'mean and interval in the table of cells');
  t.match(before, /\* Unsure: fewer than 10 runs/);
  const listed = readdirSync(directory);
  writeFileSync(html, 'broken');
  await writeReport(directory);
  t.ok(readFileSync(html, 'utf8') === before, 'byte for byte');
  t.same(readdirSync(directory), listed, 'nothing is left behind');
  writeFileSync(join(directory, 'runs.csv'), '');
  await t.rejects(writeReport(join(directory, 'runs')), { code: 'NOT_A_RUN' });
});

const outline: SweepOutline = {
  name: 's',
  description: '',
  seed: 1,
  axes,
  replications: 2,
  design: { kind: 'grid' },
  report: { measures: undefined, tradeoff: undefined, trends: [], axes: {} },
};

/** A run of 100 s, with so many messages of resources. */
function row(loss: string, size: number, sent: number): SweepRow {
  return {
    runId: '',
    status: 'ok',
    seed: 1,
    replication: 1,
    values: [loss, String(size)],
    cell: 1,
    scalars: {
      simulatedSeconds: 110,
      warmUpSeconds: 10,
      'messages.sent': sent,
      'messages.byType.resource-heartbeat.sent': sent,
    },
  };
}

void t.test('growth is told by its exponent, per kind of message and line', (t) => {
  const rows = sizes.flatMap((size) => [
    row('0%', size, 100 * size),
    row('0%', size, 300 * size),
    row('5%', size, 50 * Math.sqrt(size)),
  ]);
  const data = sweepData(outline, rows);
  t.equal(data.axis?.path, 'system.managers', 'the axis with most values');
  t.same(data.variants, ['share of messages lost 0%', 'share of messages lost 5%']);
  const [first] = data.cells;
  t.equal(inCell(first, 'messages.sentPerSecond')?.mean, 20);
  t.same(
    growths(data).map((growth) => [growth.family, growth.variant, exponentText(growth)]),
    data.variants.flatMap((variant, index) =>
      ['all', 'resource-*'].map((family) => [
        family,
        variant,
        index === 0 ? '1.00 ± 0.00' : '0.50 ± 0.00',
      ]),
    ),
  );
  t.same(growths(sweepData(outline, rows.slice(0, 4))), [], 'two points show no growth');
  t.match(costChart(data)?.findings, [/go as N\^1\.00 ± 0\.00, N being managers/]);
  t.end();
});

void t.test('a part that stays and a part in proportion are no power law', (t) => {
  // As in a system with a fixed number of managers.
  const rows = sizes.map((size) => row('0%', size, 100 + 10 * size));
  const chart = costChart(sweepData(outline, rows));
  t.match(chart?.findings, [/as \(1\.0000 ± 0\.0000\) \+ \(0\.10000 ± 0\.00000\) N per second/]);
  t.end();
});

void t.test('what grows by no law is not said to', (t) => {
  const rows = sizes.map((size, index) => row('0%', size, [1000, 50, 4000, 100][index]));
  const data = sweepData(outline, rows);
  const [all] = growths(data);
  t.ok(all.fit.off > 0.15);
  const chart = costChart(data);
  t.match(chart?.findings, [/neither a power of managers nor a straight line\.$/]);
  const drawn = JSON.stringify(chart?.spec);
  t.ok(drawn.includes('"all: no law"'));
  t.equal(drawn.split('"family":"all"').length - 1, 2 * sizes.length, 'points, line');
  t.end();
});

void t.test('a trend is told by what a tenfold adds, with its interval', (t) => {
  const hops = [1, 1.8, 2.6, 3.5];
  const report = { ...outline.report, trends: ['overlay.hops.mean', 'recovery.perFault.mean'] };
  const rows = sizes.flatMap((size, index) =>
    losses.map((loss) => ({
      ...row(loss, size, size),
      scalars: {
        'overlay.hops.mean': loss === '0%' ? hops[index] : null,
        'recovery.perFault.mean': 20 - index,
      },
    })),
  );
  const told = trends(sweepData({ ...outline, report }, rows));
  // By hand: x = 1 to 4, slope 8.3 / 10, residual sum of squares 0.0030, t(2) = 4.303.
  t.same(
    told.map((trend) => [trend.measure, trend.variant.slice(-2), changeText(trend)]),
    [
      ['overlay.hops.mean', '0%', '+0.830 ± 0.075'],
      ['recovery.perFault.mean', '0%', '−1.0 ± 0.0 s'],
      ['recovery.perFault.mean', '5%', '−1.0 ± 0.0 s'],
    ],
  );
  t.equal(withInterval(0.123, 12.3), '0 ± 12');
  t.equal(withInterval(-1.2345, 0.00234), '−1.2345 ± 0.0023');
  t.end();
});

void t.test('axes take durations, numbers, shares and names', (t) => {
  t.match(axisScale(['1h', '1d', '5y']), { type: 'log', positions: [3600, 86400, 157788000] });
  t.match(axisScale(['10', '100000']), { type: 'log', labels: ['10', '100,000'] });
  t.match(axisScale(['0%', '5%']), { type: 'linear', positions: [0, 0.05] });
  t.match(axisScale(['pastry', 'full-mesh']), { type: 'ordinal', positions: null });
  t.match(axisScale(['1', '2']), { type: 'linear' });
  const many = axisScale(Array.from({ length: 60 }, (_, index) => String(1000 + index)));
  const { axis } = xChannel(many, 'x', 400) as { axis: { values: number[] } };
  t.ok(axis.values.length < 11, 'only as many labels as there is room for');
  t.same(logTicks([0.5, 3000]), [1, 10, 100, 1000]);
  t.same(logTicks([1.5, 60]), [2, 5, 10, 20, 50]);
  t.ok(logTicks([1e-12, 1e3]).length <= 8);
  t.same(wrapped('one two three', 7), ['one two', 'three']);
  t.end();
});

void t.test('in Chromium: no error, no request outside, marks in every chart', {
  skip: missing,
}, async (t) => {
  const directory = join(t.testdir(), 'sweep');
  makeSweep(directory);
  const { html } = await writeReport(directory);
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
  const browser = await chromium.launch({ executablePath, args });
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
    const sizesOf = await marks.evaluateAll((nodes) =>
      nodes.map((node) => {
        const { width, height } = node.getBoundingClientRect();
        return Math.max(width, height);
      }),
    );
    t.ok(sizesOf.filter((size) => size > 2).length >= 3, `${name}: visible marks`);
    const box = await svg.boundingBox();
    t.ok(box !== null && box.width <= 1080 && box.height > 100, `${name}: fits the page`);
    const texts = await svg.locator('text').allTextContents();
    t.notOk(texts.some((text) => /undefined|NaN|null/.test(text)), `${name}: sound labels`);
  }
  const titles = await page.locator('#cost svg text').allTextContents();
  t.ok(titles.includes('messages sent per second'), 'axes say their units');
  const told = titles.some((text) => /^all: N\^(1\.0|0\.99)\d* ± 0\.00/.test(text));
  t.ok(told, 'the exponent stands there');
  const wide = await page.evaluate('document.documentElement.scrollWidth');
  t.ok(Number(wide) <= 1080, 'nothing to scroll sideways to');
});
