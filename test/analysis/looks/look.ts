/** Reports as a reader meets them: in Chromium, light, dark, on a phone, and in print. */
import { existsSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';

export const executablePath = '/usr/bin/chromium';

/** False: a browser is here. */
export const noBrowser = existsSync(executablePath)
  ? false : `${executablePath} is missing (apt-get install chromium): reports were not looked at`;

export function openBrowser(): Promise<Browser> {
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'];
  return chromium.launch({ executablePath, args });
}

/** 3 MB: a page that any mail takes. */
const MOST_BYTES = 3e6;
/** Of letters of usual size, by WCAG 2.1, level AA. */
const CONTRAST = 4.5;

interface Mode {
  readonly name: string;
  readonly width: number;
  readonly dark: boolean;
  readonly print: boolean;
}

const modes: readonly Mode[] = [
  { name: 'light', width: 1080, dark: false, print: false },
  { name: 'dark', width: 1080, dark: true, print: false },
  { name: '400 px', width: 400, dark: false, print: false },
  { name: 'print', width: 720, dark: false, print: true },
];

/** What a reader could complain of; none: all is well. */
export async function complaintsOf(browser: Browser, html: string): Promise<string[]> {
  const complaints: string[] = [];
  const { size } = statSync(html);
  if (size > MOST_BYTES) complaints.push(`${size} bytes`);
  for (const { name, width, dark, print } of modes) {
    const page = await browser.newPage({
      viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light',
    });
    if (print) await page.emulateMedia({ media: 'print' });
    page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
    await page.goto(pathToFileURL(html).href);
    const found = [
      ...await overlaps(page), ...await faint(page), ...await wide(page),
      ...(print ? [] : await unreachable(page)),
    ];
    if (!print) found.push(...await zoomed(page));
    complaints.push(...found.map((what) => `${name}: ${what}`));
    await page.close();
  }
  return complaints;
}

/** Pieces of text in a picture that lie on each other, or are cut off by its edge. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    for (const svg of document.querySelectorAll('figure svg')) {
      const edge = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')].filter((text) =>
        text.textContent.trim() !== '' && getComputedStyle(text).opacity !== '0' &&
        text.style.display !== 'none');
      const boxes = texts.map((text) => ({ text, box: text.getBoundingClientRect() }));
      const id = svg.closest('figure').id;
      for (const [index, { text, box }] of boxes.entries()) {
        const out = Math.max(edge.left - box.left, box.right - edge.right, edge.top - box.top,
          box.bottom - edge.bottom);
        if (out > 2) found.push(id + ': "' + text.textContent + '" is cut off by ' + out + ' px');
        for (const other of boxes.slice(index + 1)) {
          const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
          const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
          // Boxes of letters are higher than the letters.
          if (across > 1 && down > 0.35 * Math.min(box.height, other.box.height)) {
            const [one, two] = [text, other.text].map((own) => own.textContent);
            found.push(id + ': "' + one + '" lies on "' + two + '"');
          }
        }
      }
    }
    return found;
  })()`);
}

/** The same of what is seen after some keys, and whether all is as before in the end. */
async function zoomed(page: Page): Promise<string[]> {
  const all = await page.locator('figure svg').evaluateAll(contents);
  for (const plot of await page.locator('.plot').all()) {
    await plot.focus();
    for (const key of ['+', '+', 'ArrowRight', '+']) await page.keyboard.press(key);
  }
  const found = (await overlaps(page)).map((what) => `zoomed, ${what}`);
  for (const plot of await page.locator('.plot').all()) {
    await plot.focus();
    await page.keyboard.press('0');
  }
  const isBack = (await page.locator('figure svg').evaluateAll(contents)).join() === all.join();
  return isBack ? found : [...found, 'zoomed, and not as before in the end'];
}

function contents(pictures: readonly unknown[]): string[] {
  return (pictures as readonly { readonly innerHTML: string }[]).map(({ innerHTML }) => innerHTML);
}

/** Text whose contrast to what is behind it is less than it should be. */
function faint(page: Page): Promise<string[]> {
  return page.evaluate(`((least) => {
    const numbers = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
    // As the filter of the stylesheet: inverted by 0.92, hues turned back.
    const turned = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((one) => 0.92 * 255 - 0.84 * one);
      const hue = [
        -0.574 * x + 1.43 * y + 0.144 * z, 0.426 * x + 0.43 * y + 0.144 * z,
        0.426 * x + 1.43 * y - 0.856 * z,
      ];
      return hue.map((one) => Math.max(0, Math.min(255, one)));
    };
    const light = (rgb) => {
      const [r, g, b] = rgb.map((one) => one / 255).map((one) =>
        (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, other) => {
      const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    };
    const found = new Set();
    const tell = (where, text, ink, ground) => {
      const ratio = contrast(ink, ground);
      if (ratio < least) found.add(where + ': "' + text + '" has a contrast of ' +
        ratio.toFixed(2));
    };
    for (const text of document.querySelectorAll('figure svg text')) {
      if (text.textContent.trim() === '') continue;
      const box = text.getBoundingClientRect();
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const below = [...text.closest('svg').querySelectorAll('.mark-rect > path')].find((path) => {
        const { left, right, top, bottom } = path.getBoundingClientRect();
        return left < x && x < right && top < y && y < bottom &&
          getComputedStyle(path).fillOpacity === '1' && path.getAttribute('opacity') !== '0';
      });
      const ground = below ? numbers(getComputedStyle(below).fill) : [255, 255, 255];
      const ink = numbers(getComputedStyle(text).fill);
      const filtered = getComputedStyle(text.closest('svg')).filter !== 'none';
      const [a, b] = filtered ? [turned(ink), turned(ground)] : [ink, ground];
      tell(text.closest('figure').id, text.textContent, a, b);
    }
    const groundOf = (element) => {
      for (let one = element; one; one = one.parentElement) {
        const ground = numbers(getComputedStyle(one).backgroundColor);
        if (ground.length === 3 || ground[3] > 0.99) return ground.slice(0, 3);
      }
      return [255, 255, 255];
    };
    for (const element of document.querySelectorAll('p, a, h1, h2, th, td, dt, dd, li, b, span, ' +
      'small, summary, figcaption, code, pre')) {
      const own = [...element.childNodes].some((node) =>
        node.nodeType === 3 && node.data.trim() !== '');
      if (!own) continue;
      const ink = numbers(getComputedStyle(element).color).slice(0, 3);
      tell(element.tagName.toLowerCase(), element.textContent.slice(0, 20), ink, groundOf(element));
    }
    return [...found];
  })(${CONTRAST})`);
}

/** The page itself is never moved sideways; what is wide in it is. */
async function wide(page: Page): Promise<string[]> {
  const over = Number(await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth'));
  return over > 0 ? [`the page is ${over} px too wide`] : [];
}

/** Every figure has a table, and a keyboard gets to it: opened, its place takes the focus. */
async function unreachable(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = [];
    for (const figure of document.querySelectorAll('figure')) {
      const summary = figure.querySelector('summary');
      if (!summary) { found.push(figure.id + ': no table'); continue; }
      summary.focus();
      if (document.activeElement !== summary) found.push(figure.id + ': no way to its table');
      summary.click();
      if (!figure.querySelector('td')) found.push(figure.id + ': its table is empty');
    }
    for (const table of document.querySelectorAll('table')) {
      const region = table.closest('[tabindex="0"]');
      if (region) region.focus();
      if (!region || document.activeElement !== region) found.push('a table takes no focus');
    }
    return found;
  })()`);
}
