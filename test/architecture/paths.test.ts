/** Nothing of ours names a place of somebody's machine. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { root } from './sources.js';

/** Folders in which people, and machines that build, have their checkouts and data. */
const places = ['home', 'Users', 'root', 'work', 'workspace', 'mnt', 'media', 'srv', 'private'];
const absolute = new RegExp(`(?<![\\w.~:/*-])/(${places.join('|')})/|\\b[A-Z]:[\\\\/]{1,2}Users`);

/** What git knows of, or will; without git, all but what is made. */
function files(): string[] {
  const words = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { status, stdout } = spawnSync('git', words, { cwd: root, encoding: 'utf8' });
  if (status === 0) return stdout.trim().split('\n');
  const shipped = [
    'campaign', 'checker', 'cli', 'core', 'analysis', 'docs', 'experiment', 'live',
    'scenarios', 'sim',
  ];
  return shipped.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name)),
  );
}

function built(): string[] {
  return readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('dist', name))
    .filter((name) => /\.(js|map|d\.ts)$/.test(name));
}

t.test('neither sources nor what is built of them name a place of a machine', async (t) => {
  const found: string[] = [];
  let read = 0;
  for (const path of [...files(), ...built()]) {
    const whole = join(root, path);
    if (!(statSync(whole, { throwIfNoEntry: false })?.isFile() ?? false)) continue;
    const text = readFileSync(whole, 'utf8');
    read += 1;
    const [place] = absolute.exec(text) ?? [];
    if (place !== undefined) found.push(`${path}: ${place}`);
    if (text.includes(join(root, 'dist'))) found.push(`${path}: this checkout`);
  }
  t.ok(read > 500, `${read} files`);
  t.same(found, []);
});

t.test('a planted place is found', async (t) => {
  const there = ['', 'home', 'me', 'x.csv'].join('/');
  const drive = ['C:', 'Users', 'me'].join('\\');
  for (const text of [`file: ${there}`, `"${there}"`, `(${there})`, drive]) {
    t.match(text, absolute);
  }
  for (const text of ['docs/home/x', 'https://a.b/home/x', './work/x', '/homes']) {
    t.notMatch(text, absolute);
  }
});
