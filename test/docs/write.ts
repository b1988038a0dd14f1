/** `npm run docs-figures`: makes the figures in docs anew, and the README's picture. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { madeAnew, picture, pictureAnew } from './figures.js';

for (const file of readdirSync('docs').filter((name) => name.endsWith('.md'))) {
  const path = join('docs', file);
  const page = readFileSync(path, 'utf8');
  const { page: anew } = await madeAnew(page);
  if (anew !== page) writeFileSync(path, anew);
}
writeFileSync(picture, await pictureAnew());
