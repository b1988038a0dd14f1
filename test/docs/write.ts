/** `npm run docs-figures`: makes figures in docs and in READMEs of kept sweeps anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { madeAnew, pages, picture, pictureAnew } from './figures.js';

for (const path of pages()) {
  const page = readFileSync(path, 'utf8');
  const { page: anew } = await madeAnew(page);
  if (anew !== page) writeFileSync(path, anew);
}
writeFileSync(picture, await pictureAnew());
