import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { loadPlugins } from '../../campaign/plugins.js';
import { PluginError } from '../../experiment/plugins.js';
import { simHere as sim } from './in-process.js';

/** A directory with these files in it. */
function directoryOf(t: { testdir(): string }, files: Readonly<Record<string, string>>): string {
  const directory = t.testdir();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

const index = pathToFileURL(join(import.meta.dirname, '../../index.js')).href;
const assignment = 'create: () => ({})';
const scenario = 'duration: 1m\nsystem: { managers: 3 }\n';

t.test('what is no plugin is refused, with what would be right', async (t) => {
  const cases: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
    'no-default.mjs': ['export const a = 1;', /: it has no default export, write export default/],
    'number.mjs': ['export default 7;', /: its default export is not a plugin, export default {/],
    'empty.mjs': ['export default {};', /: the plugin has nothing in it, give it one of overlays/],
    'key.mjs': [
      `export default { detector: { a: { ${assignment} } } };`,
      /: unknown key detector, did you mean detectors\?/,
    ],
    'list.mjs': ['export default { faults: [] };', /: faults is not a mapping of names, write/],
    'method.mjs': [
      'export default { detectors: { a: { make() {} } } };',
      /: detector a has no function create, export { create\(\.\.\.\)/,
    ],
    'latency.mjs': [
      'export default { latencies: { ring: { create() {} } } };',
      /: latency ring has no function longestUs, export { create/,
    ],
    'name.mjs': [
      `export default { assignments: { 'a b': { ${assignment} } } };`,
      /: assignment "a b" cannot be named so, start with a letter/,
    ],
    'settings.mjs': [
      `export default { assignments: { a: { ${assignment}, settings: {} } } };`,
      /: settings of assignment a cannot check anything, give a zod schema/,
    ],
    'messages.mjs': [
      `export default { elections: { a: { ${assignment}, messages: [{ type: 'b' }] } } };`,
      /: messages of election a are no definitions, give a list of what message\(/,
    ],
    'message.mjs': [
      `import { message } from '${index}';
       const messages = [message('overlay-ack', {}, {})];
       export default { elections: { a: { ${assignment}, messages } } };`,
      /: message overlay-ack of election a: there is another one, call it a\/overlay-ack, w/,
    ],
    'code.mjs': [
      `import { message } from '${index}';
       const messages = [message('a/b', { code: 99 }, {})];
       export default { elections: { a: { ${assignment}, messages } } };`,
      /: message a\/b of election a: it has a code, call it/,
    ],
    'clash.mjs': [
      `export default { assignments: { 'round-robin': { ${assignment} } } };`,
      /: assignment round-robin is built in, give yours another name/,
    ],
    'word.mjs': [
      `export default { faults: { repairAfter: { ${assignment} } } };`,
      /: fault repairAfter is built in, give yours another name/,
    ],
    'syntax.mjs': ['export default {', /: it does not load \(SyntaxError: .*\), correct the/],
    'throws.mjs': ['throw new Error("no");', /: it does not load \(Error: no\), correct the/],
    'import.mjs': ['import "./nowhere.mjs";', /: it does not load \(Error: Cannot find module/],
  };
  const files = Object.fromEntries(Object.entries(cases).map(([file, [text]]) => [file, text]));
  const directory = directoryOf(t, files);
  for (const [file, [, message]] of Object.entries(cases)) {
    await t.rejects(loadPlugins([`./${file}`], directory), { name: 'PluginError', message }, file);
  }
  await t.rejects(loadPlugins(['./none.mjs'], directory), {
    message: /^--plugin \.\/none\.mjs: there is no file .*none\.mjs, name a module/,
  });
  await t.rejects(loadPlugins(['no-such-package'], directory), {
    message: '--plugin no-such-package: there is no package no-such-package here, ' +
      'install it, or begin the path of a file with ./',
  });
});

t.test('two plugins cannot have one name; one named twice is one', async (t) => {
  const plugin = `export default { assignments: { a: { ${assignment} } } };`;
  const directory = directoryOf(t, { 'one.mjs': plugin, 'two.mjs': plugin });
  const twice = await loadPlugins(['./one.mjs', 'one.mjs'], directory);
  t.same([...twice.registry.assignments.keys()], ['a']);
  const error: unknown = await loadPlugins(['./one.mjs', './two.mjs'], directory).catch(
    (reason: unknown) => reason,
  );
  t.ok(error instanceof PluginError);
  t.match(error, {
    origin: '--plugin ./two.mjs',
    message: '--plugin ./two.mjs: assignment a is in --plugin ./one.mjs too, rename one of the two',
  });
});

t.test('packages are found from where one is, by import or by require', async (t) => {
  const plugin = (name: string) =>
    `export default { assignments: { ${name}: { ${assignment} } } };`;
  const manifest = (exports: unknown) => JSON.stringify({ type: 'module', exports });
  const directory = directoryOf(t, {
    'node_modules/by-import/package.json': manifest({ '.': { import: './lib/a.js' } }),
    'node_modules/by-import/lib/a.js': plugin('a'),
    'node_modules/@scope/plain/package.json': manifest('./b.js'),
    'node_modules/@scope/plain/b.js': plugin('b'),
    'below/here.txt': '',
  });
  const below = join(directory, 'below');
  const { registry } = await loadPlugins(['by-import', '@scope/plain'], below);
  t.same([...registry.assignments.keys()], ['a', 'b']);
});

t.test('the hash is of what is in the modules, and of nothing else', async (t) => {
  const entry = 'import { a } from "./lib/a.mjs";\nexport default { assignments: { a } };';
  const files = { 'entry.mjs': entry, 'lib/a.mjs': `export const a = { ${assignment} };` };
  const other = 'export default { faults: { f: { create() {} } } };';
  const first = directoryOf(t, {});
  const hashOf = async (name: string, changed: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries({ ...files, 'other.mjs': other, ...changed })) {
      mkdirSync(dirname(join(first, name, file)), { recursive: true });
      writeFileSync(join(first, name, file), text);
    }
    const { hash } = await loadPlugins(['./entry.mjs', './other.mjs'], join(first, name));
    const turned = await loadPlugins(['./other.mjs', './entry.mjs'], join(first, name));
    t.equal(turned.hash, hash, 'whatever their order');
    return hash;
  };
  const hash = await hashOf('one', {});
  t.equal(await hashOf('two', {}), hash, 'another place');
  t.not(await hashOf('three', { 'entry.mjs': `${entry}//` }), hash, 'the module');
  const inner = { 'lib/a.mjs': `${files['lib/a.mjs']}//` };
  t.not(await hashOf('four', inner), hash, 'what it imports');
  t.equal((await loadPlugins([])).hash, '');
});

t.test('sim says so with exit code 2, and writes nothing', async (t) => {
  const directory = directoryOf(t, {
    's.yaml': scenario,
    'bad.mjs': 'export default { detectors: { fixed: { create() {} } } };',
    'good.mjs': `export default { assignments: { mine: { ${assignment} } } };`,
  });
  const refused = async (message: RegExp, ...words: string[]): Promise<void> => {
    for (const command of ['run', 'check']) {
      const { status, stdout, stderr } = await sim(directory, command, 's.yaml', ...words);
      t.equal(status, 2, stderr);
      t.equal(stdout, '');
      t.match(stderr, message);
    }
  };
  await refused(/^--plugin bad\.mjs: detector fixed is built in, .*\n$/, '--plugin', 'bad.mjs');
  await refused(/^--plugin no\.mjs: there is no package no\.mjs here/, '--plugin', 'no.mjs');
  await refused(/^--plugin: a value is missing/, '--plugin');
  const set = ['--set', 'coordination.assignment=mnie', '--plugin', './good.mjs'];
  await refused(/assignment: "mnie" is not a choice here, did you mean mine\?/, ...set);
  t.notOk(readdirSync(directory).includes('results'));
});

t.test('the run\'s id covers plugins, and their defects are called theirs', async (t) => {
  const plugin = (text: string) =>
    `export default { latencies: { slow: { longestUs: () => 10, create: () => ({ ${text} }) } } };`;
  const directory = directoryOf(t, {
    's.yaml': scenario,
    'one.mjs': plugin('delayUs: () => 7'),
    'two.mjs': plugin('delayUs: () => 8'),
    'bad.mjs': plugin('delayUs: () => 11'),
  });
  const run = (module: string) =>
    sim(directory, 'run', 's.yaml', '--json', '--set', 'network.latency=slow', '--plugin', module);
  const directories: string[] = [];
  for (const module of ['./one.mjs', './two.mjs', './one.mjs']) {
    const { status, stdout, stderr } = await run(module);
    t.equal(status, 0, stderr);
    directories.push((JSON.parse(stdout) as { directory: string }).directory);
  }
  t.not(directories[0], directories[1]);
  t.equal(directories[0], directories[2]);
  const bad = await run('./bad.mjs');
  t.equal(bad.status, 3);
  t.match(bad.stderr, /of the program or of a plugin/);
  t.match(bad.stderr, /latency slow gave 11, not whole microseconds from 1 to its 10/);
});
