/** Folders of a room stand in an order, none needing another that needs it; rooms and files fit. */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import t from 'tap';
import { root, sources } from './sources.js';

const rooms = ['core', 'experiment', 'checker', 'sim', 'live', 'analysis', 'campaign', 'cli'];

const MOST_LINES = 400;
/** Longer files, and why. */
const long: Readonly<Record<string, string>> = {
  'core/wire/sizes.ts': 'a list, generated from the messages',
};

const MOST_LINES_OF_A_ROOM = 8000;
/** Larger rooms, and why. */
const large: Readonly<Record<string, string>> = {
  core: 'all of the management system, in folders that need each other in one direction only',
  checker: 'a judge for each promise, a file each, and what is true',
  experiment: 'the scenario language with all that it can name',
  analysis: 'measures, statistics, tables, and the reports that draw them',
};

/** A folder of a room, at that depth; or a file, of those that lie beside the folders. */
const place = (path: string, depth: number): string => path.split('/').slice(0, depth).join('/');

/** Which places each place imports. */
function imports(files: ReadonlyMap<string, string>, depth: number): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [path, text] of files) {
    const from = place(path, depth);
    for (const [, to] of text.matchAll(/\bfrom '(\.[^']*)\.js'/g)) {
      const other = place(posix.join(posix.dirname(path), `${to}.ts`), depth);
      if (other !== from) found.set(from, (found.get(from) ?? new Set()).add(other));
    }
  }
  return found;
}

/** What can be taken away, one after the other, without being needed by what is left, is not. */
function circles(files: ReadonlyMap<string, string>, depth = 2): string[] {
  const left = imports(files, depth);
  for (;;) {
    const needed = new Set([...left.values()].flatMap((all) => [...all]));
    const free = [...left.keys()].filter((one) => !needed.has(one));
    if (free.length === 0) return [...left.keys()].sort();
    for (const one of free) left.delete(one);
  }
}

const texts = new Map(sources().map((path) => [path, readFileSync(join(root, path), 'utf8')]));
const lines = (text: string): number => text.split('\n').length - 1;

function filesOf(room: string): Map<string, string> {
  return new Map([...texts].filter(([path]) => path.startsWith(`${room}/`)));
}

t.test('no circle between folders of a room', async (t) => {
  for (const room of rooms) {
    for (const depth of [2, 3, 4]) {
      t.same(circles(filesOf(room), depth), [], `${room}, ${depth} deep`);
    }
  }
  const core = filesOf('core');
  t.ok(imports(core, 2).get('core/coordination')?.has('core/overlay'), 'imports are seen');
  core.set('core/overlay/planted.ts', "import type { X } from '../coordination/manager.js';\n");
  t.ok(circles(core).includes('core/overlay'), 'a planted circle is found');
});

t.test('files and rooms fit, or say why not', async (t) => {
  const ours = [...texts].filter(([path]) => rooms.some((room) => path.startsWith(`${room}/`)));
  const tooLong = ours.filter(([, text]) => lines(text) > MOST_LINES).map(([path]) => path);
  t.ok(tooLong.includes('core/wire/sizes.ts'), 'a long one is seen');
  t.same(tooLong.filter((path) => !Object.hasOwn(long, path)), []);
  const sizes = rooms.map((room) =>
    [room, [...filesOf(room).values()].reduce((sum, text) => sum + lines(text), 0)] as const);
  const tooLarge = sizes.filter(([, size]) => size > MOST_LINES_OF_A_ROOM).map(([room]) => room);
  t.ok(tooLarge.includes('core'), 'a large one is seen');
  t.same(tooLarge.filter((room) => !Object.hasOwn(large, room)), []);
});
