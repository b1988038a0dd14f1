/** Figures in docs are what their commands give today. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { keptNames } from '../results/kept.js';
import { figures, madeAnew, pages, picture, pictureAnew } from './figures.js';

t.test('what docs show is what comes out', async (t) => {
  const shown: string[] = [];
  for (const path of pages()) {
    const page = readFileSync(path, 'utf8');
    const { page: anew, names } = await madeAnew(page);
    shown.push(...names);
    t.equal(anew, page, `${path} is stale: npm run docs-figures writes it anew`);
  }
  const all = [...Object.keys(figures), ...keptNames().map((name) => `findings of ${name}`)];
  t.same(shown.sort(), all.sort(), 'each is shown, once');
});

t.test('the README shows what its command draws', async (t) => {
  const isSame = readFileSync(picture, 'utf8') === await pictureAnew();
  t.ok(isSame, `${picture} is stale: npm run docs-figures draws it anew`);
});
