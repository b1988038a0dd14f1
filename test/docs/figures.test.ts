/** Figures in docs are what their commands give today. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { figures, madeAnew, picture, pictureAnew } from './figures.js';

t.test('what docs show is what comes out', async (t) => {
  const shown: string[] = [];
  for (const file of readdirSync('docs').filter((name) => name.endsWith('.md'))) {
    const page = readFileSync(join('docs', file), 'utf8');
    const { page: anew, names } = await madeAnew(page);
    shown.push(...names);
    t.equal(anew, page, `docs/${file} is stale: npm run docs-figures writes it anew`);
  }
  t.same(shown.sort(), Object.keys(figures).sort(), 'each is shown, once');
});

t.test('the README shows what its command draws', async (t) => {
  const isSame = readFileSync(picture, 'utf8') === await pictureAnew();
  t.ok(isSame, `${picture} is stale: npm run docs-figures draws it anew`);
});
