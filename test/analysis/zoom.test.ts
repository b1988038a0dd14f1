/** Charts are zoomed as a reader does, in Chromium; what is then drawn is measured. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import t from 'tap';
import { figure, page as pageOf } from '../../analysis/report/page.js';
import { draw } from '../../analysis/report/render.js';
import { preamble, type PageChart } from '../../analysis/report/theme.js';
import { noBrowser, openBrowser } from './looks/look.js';

const values = Array.from({ length: 41 }, (_, x) => ({ x, y: 10 ** (x / 10), until: x + 1 }));
const numbers = (field: string, more: object = {}): object =>
  ({ field, type: 'quantitative', ...more });
const x = numbers('x', { scale: { domain: [0, 40], nice: false }, axis: { title: 'place' } });
const table = { note: '', head: ['x'], rows: [['1']], textColumns: [], file: 'runs.csv' };
const plain = { caption: '', findings: [], table };

const cloud: PageChart = {
  ...plain, name: 'cloud', title: 'points, both axes', spec: {
    ...preamble, width: 400, height: 300, data: { values }, mark: { type: 'point' },
    encoding: { x, y: numbers('y', { scale: { type: 'log' }, axis: { title: 'size' } }) },
  },
};
const curve = numbers('y', { axis: { title: 'height' } });
const stacked: PageChart = {
  ...plain, name: 'stacked', title: 'two panels of one axis', spec: {
    ...preamble, vconcat: [
      { width: 400, height: 100, data: { values }, mark: 'line', encoding: { x, y: curve } },
      {
        width: 400, height: 50, data: { values },
        mark: 'rect', encoding: { x, x2: { field: 'until' }, y: { value: 0 }, y2: { value: 50 } },
      },
    ],
  },
};
const spans: Readonly<Record<number, string>> = { 1: '1s', 60: '1m', 3600: '1h', 864_000: '10d' };
const times: PageChart = {
  ...plain, name: 'times', title: 'durations by name', spec: {
    ...preamble, width: 400, height: 60,
    data: { values: Object.keys(spans).map((seconds) => ({ x: Number(seconds) })) },
    mark: 'point',
    encoding: {
      x: numbers('x', {
        scale: { type: 'log', domain: [1, 864_000] },
        axis: {
          title: 'lifetime', values: Object.keys(spans).map(Number),
          labelExpr: `${JSON.stringify(spans)}[datum.value]`,
        },
      }),
    },
  },
};
const names: PageChart = {
  ...plain, name: 'names', title: 'no numbers', spec: {
    ...preamble, width: 400, data: { values: [{ x: 'a' }, { x: 'b' }] }, mark: 'point',
    encoding: { x: { field: 'x', type: 'nominal' } },
  },
};

/** Where a mark lies by the labels of the axes around it, and what it is said to be. */
interface Point {
  readonly said: readonly [number, number];
  readonly seen: readonly [number, number];
}

/** Reads points off a chart as people do: between the ticks. */
function readOff(page: Page, chart: string): Promise<Point[]> {
  return page.evaluate(`((chart) => {
    const svg = document.querySelector('#' + chart + ' svg');
    const axes = [...svg.querySelectorAll('[aria-roledescription="axis"]')].map((axis) => {
      const across = axis.getAttribute('aria-label').startsWith('X');
      const log = axis.getAttribute('aria-label').includes('log scale');
      const at = (one) => { const box = one.getBoundingClientRect();
        return across ? box.left + box.width / 2 : box.top + box.height / 2; };
      const ticks = [...axis.querySelectorAll('.role-axis-tick line')].map(at);
      const texts = [...axis.querySelectorAll('.role-axis-label text')]
        .map((text) => Number(text.textContent.replace(/,/g, '')));
      const scale = (value) => log ? Math.log(value) : value;
      const [a, b] = [scale(texts[0]), scale(texts[texts.length - 1])];
      const [from, to] = [ticks[0], ticks[ticks.length - 1]];
      const value = (pixel) => { const v = a + (b - a) * (pixel - from) / (to - from);
        return log ? Math.exp(v) : v; };
      return { across, value };
    });
    const [right, up] = [true, false].map((across) => axes.find((one) => one.across === across));
    return [...svg.querySelectorAll('.mark-symbol path')]
      .filter((mark) => mark.style.display !== 'none').map((mark) => {
        const box = mark.getBoundingClientRect();
        const said = /x: ([\\d.]+); .*y: ([\\d,.]+)/.exec(mark.getAttribute('aria-label'));
        return {
          said: [Number(said[1]), Number(said[2].replace(/,/g, ''))],
          seen: [right.value(box.left + box.width / 2), up.value(box.top + box.height / 2)],
        };
      });
  })(${JSON.stringify(chart)})`);
}

t.test('zooming, by keyboard, wheel, pointer and buttons', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const charts = await Promise.all([cloud, stacked, times, names].map(async (chart) =>
    figure({ chart, ...await draw(chart) }, 'sim sweep s')));
  const html = join(t.testdir(), 'zoom.html');
  writeFileSync(html, pageOf('zoom', charts));
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(pathToFileURL(html).href);
  const inside = (chart: string): Promise<string> => page.locator(`#${chart} svg`).innerHTML();
  const told = (chart: string): Promise<string> => page.locator(`#${chart} output`).innerText();
  const press = async (chart: string, ...keys: string[]): Promise<void> => {
    await page.locator(`#${chart} .plot`).focus();
    for (const key of keys) await page.keyboard.press(key);
  };
  const before = await inside('cloud');
  t.equal((await readOff(page, 'cloud')).length, 41);

  await press('cloud', '+', '+', 'ArrowRight', 'ArrowUp');
  const points = await readOff(page, 'cloud');
  t.ok(points.length > 3 && points.length < 20, `${points.length} points are in sight`);
  for (const { said: [px, py], seen: [atX, atY] } of points) {
    t.ok(Math.abs(atX - px) < 0.05, `x ${px} is drawn at ${atX}`);
    t.ok(Math.abs(atY / py - 1) < 0.02, `y ${py} is drawn at ${atY}`);
  }
  t.match(await told('cloud'), /^place: \d[\d.]* to \d[\d.]*; size: /);

  await press('cloud', '0');
  t.ok(await inside('cloud') === before, 'all of it, byte for byte');
  t.equal(await told('cloud'), '');

  const box = (await page.locator('#cloud svg').boundingBox())!;
  await page.locator('#stacked .plot').focus();
  await page.mouse.move(box.x + 200, box.y + 150);
  await page.mouse.wheel(0, -240);
  await page.waitForTimeout(60);
  t.ok(await inside('cloud') === before, 'the wheel moves the page where the chart has no focus');
  await page.locator('#cloud .plot').focus();
  await page.mouse.wheel(0, -240);
  await page.waitForFunction("document.querySelector('#cloud output').textContent !== ''");
  const first = await told('cloud');
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 150, { steps: 3 });
  await page.mouse.up();
  t.not(await told('cloud'), first, 'drawn to the left');

  await page.locator('#stacked button', { hasText: '+' }).click();
  t.equal(await told('stacked'), 'place: 10.0 to 30.0', 'only times: heights stand on zero');
  const [line] = await page.locator('#stacked .mark-line path').evaluateAll((paths) =>
    paths.map((path) => (path as unknown as { getAttribute(name: string): string })
      .getAttribute('d')));
  t.match(line, /^M -200 /, 'what lies to the left of the plot');
  t.ok(await page.locator('#stacked .mark-line').getAttribute('clip-path'), 'is cut off');
  const rects = await page.locator('#stacked .mark-rect path').count();
  t.equal(rects, 41, 'the other panel goes along');
  const bar = await page.locator('#stacked .mark-rect path').nth(10).getAttribute('d');
  t.match(bar, /^M 0 0 h 20 /);
  const labels = (): Promise<string[]> =>
    page.locator('#times .role-axis-label text').allTextContents();
  await press('times', '+');
  t.same(await labels(), ['1m', '1h'], 'names as they were');
  await press('times', '+');
  t.same(await labels(), ['5 min', '10 min', '20 min', '50 min']);
  t.equal(await told('times'), 'lifetime: 2.81 to 86 min');
  t.equal(await page.locator('#names .zoom').count(), 0, 'names have no scale to be zoomed');
  t.same(said, []);
});
