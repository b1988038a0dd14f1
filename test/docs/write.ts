/** `npm run docs-figures`: makes the figures in docs anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { madeAnew } from './figures.js';

for (const file of readdirSync('docs').filter((name) => name.endsWith('.md'))) {
  const path = join('docs', file);
  const page = readFileSync(path, 'utf8');
  const { page: anew } = await madeAnew(page);
  if (anew !== page) writeFileSync(path, anew);
}
