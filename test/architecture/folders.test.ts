/** Folders of core stand in an order: none needs another that needs it. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import t from 'tap';
import { root, sources } from './sources.js';

/** A folder of core; or a file, of those that lie beside the folders. */
const place = (path: string): string => path.split('/').slice(0, 2).join('/');

/** Which places each place imports. */
function imports(files: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [path, text] of files) {
    for (const [, to] of text.matchAll(/\bfrom '(\.[^']*)\.js'/g)) {
      const other = place(posix.join(posix.dirname(path), `${to}.ts`));
      if (other === place(path)) continue;
      const all = found.get(place(path)) ?? new Set();
      found.set(place(path), all.add(other));
    }
  }
  return found;
}

/** What can be taken away, one after the other, without being needed by what is left, is not. */
function circles(files: ReadonlyMap<string, string>): string[] {
  const left = imports(files);
  for (;;) {
    const needed = new Set([...left.values()].flatMap((all) => [...all]));
    const free = [...left.keys()].filter((one) => !needed.has(one));
    if (free.length === 0) return [...left.keys()].sort();
    for (const one of free) left.delete(one);
  }
}

t.test('no circle between folders of core', async (t) => {
  const paths = sources().filter((path) => path.startsWith('core/'));
  const files = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  t.ok(imports(files).get('core/coordination')?.has('core/overlay'), 'imports are seen');
  t.same(circles(files), []);
  files.set('core/overlay/planted.ts', "import type { X } from '../coordination/manager.js';\n");
  t.ok(circles(files).includes('core/overlay'), 'a planted circle is found');
});
