/** What is pointed at in one chart stands out in the others: as a reader sees it, in Chromium. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import t from 'tap';
import { writeReport, writeRunDirectory } from '../../analysis/index.js';
import { choicesOf, keyOf } from '../../analysis/report/linked/index.js';
import { rulesOf } from '../../analysis/report/linked/stand-out.js';
import { noBrowser, openBrowser } from './looks/look.js';
import { makeReportSweep } from './report-sweep.js';
import { manifest } from './sweep/made.js';
import { syntheticRun } from './synthetic.js';

t.test('keys: the values of all axes that vary, but for one that a line runs along', (t) => {
  const axes = [
    { path: 'a', values: ['x', 'y'] }, { path: 'b', values: ['1'] },
    { path: 'c', values: ['1', '2', '3'] },
  ];
  t.equal(keyOf(axes, ['y', '1', '3']), 'a0=1 a2=2');
  t.equal(keyOf(axes, ['y', '1', '3'], 2), 'a0=1');
  t.equal(keyOf(axes, ['unknown', '1', '1']), 'a2=0');
  t.equal(rulesOf(''), '');
  t.equal(choicesOf([{ title: 'a', values: [{ key: 'a0=0', label: 'x' }] }]), false, 'one value');
  t.end();
});

/** By what they are of: which marks of a figure are pale, or rows not marked, and which are not. */
function seen(page: Page, within: string): Promise<{ pale: string[]; clear: string[] }> {
  return page.evaluate(`(() => {
    const all = [...document.querySelectorAll(${JSON.stringify(`${within} [data-of]`)})];
    const isPale = (one) => one.tagName === 'TR'
      ? getComputedStyle(one).boxShadow === 'none'
      : ['0.13', '0.03'].includes(getComputedStyle(one).opacity);
    const keys = (some) => [...new Set(some.map((one) => one.getAttribute('data-of')))].sort();
    return { pale: keys(all.filter(isPale)), clear: keys(all.filter((one) => !isPale(one))) };
  })()`);
}

t.test('in Chromium: by pointer and by keyboard', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const open = async (html: string): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1080, height: 900 } });
    page.on('pageerror', (error) => t.fail(error.message));
    await page.goto(pathToFileURL(html).href);
    return page;
  };

  await t.test('a cell of a sweep', async (t) => {
    const directory = join(t.testdir(), 'sweep');
    makeReportSweep(directory);
    const page = await open((await writeReport(directory)).html);
    const figures = ['#measures', '#recovery', '#tradeoff', '#trends', '#cost'];
    for (const figure of figures) {
      const { pale, clear } = await seen(page, `${figure} svg`);
      t.same(pale, [], `${figure}: all is clear at first`);
      t.ok(clear.length > 1, `${figure} has marks of ${clear.join('; ')}`);
    }
    await page.locator('#tradeoff .mark-symbol path[data-of="a0=1 a1=2"]').hover();
    for (const figure of figures) {
      const { pale, clear } = await seen(page, `${figure} svg`);
      const own = clear.every((of) => of === 'a0=1' || of === 'a0=1 a1=2');
      t.ok(own, `${figure}: ${clear.join('; ')}`);
      t.ok(pale.length > 1, `${figure}: others are pale`);
    }
    const cells = await seen(page, 'section table');
    t.same(cells.clear, ['a0=1 a1=2'], 'its row');
    await page.locator('h1').hover();
    t.same((await seen(page, '#tradeoff svg')).pale, [], 'and all is clear again');

    const choice = page.locator('.linked select').first();
    await choice.focus();
    await page.keyboard.press('ArrowDown');
    const { pale, clear } = await seen(page, '#measures svg');
    t.ok(clear.length > 2 && clear.every((of) => of.startsWith('a0=0')), 'chosen by key');
    t.ok(pale.every((of) => of.startsWith('a0=1')));
    await page.locator('#measures .plot').focus();
    for (const key of ['+', '0']) await page.keyboard.press(key);
    t.same(await seen(page, '#measures svg'), { pale, clear }, 'zoomed and back, it still does');
  });

  await t.test('an episode of a run', async (t) => {
    const directory = join(t.testdir(), 'run');
    const record = syntheticRun({ durationSeconds: 14_400, episodes: 5, resourceFaults: 4 });
    writeRunDirectory(directory, record, { scenarioYaml: 'name: s\n', manifest });
    const page = await open((await writeReport(directory)).html);
    await page.locator('.linked select').selectOption('episode=2');
    for (const within of ['#anatomy svg', '#bound svg', 'section table']) {
      const { pale, clear } = await seen(page, within);
      t.same([clear, pale.length], [['episode=2'], 4], within);
    }
  });
});
