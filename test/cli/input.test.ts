import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { checkMeasure } from '../../analysis/sweep/index.js';
import { ruleProperties } from '../../core/rules/json-schema.js';
import { ruleKeys } from '../../core/rules/parse.js';
import { loadSweep } from '../../checker/scenario.js';
import { simHere as sim } from './in-process.js';

/** A directory with one scenario, `s.yaml`, and whatever else. */
function directoryOf(t: Tap, scenario: string, others: Record<string, string> = {}): string {
  const directory = t.testdir();
  for (const [name, text] of Object.entries({ 's.yaml': scenario, ...others })) {
    writeFileSync(join(directory, name), text);
  }
  return directory;
}
type Tap = { testdir(): string };

t.test('usage errors exit with 2 and say what would be right', async (t) => {
  const directory = t.testdir();
  const cases: readonly [readonly string[], RegExp][] = [
    [[], /^sim: name a command, see sim --help\n$/],
    [['rnu', 's.yaml'], /^sim: unknown command rnu, did you mean run\?/],
    [['run'], /^sim run: name a file or directory/],
    [['run', 's.yaml', '--sed', '3'], /^sim: unknown option --sed, did you mean --seed\?/],
    [['run', 's.yaml', '--set'], /^--set: a value is missing, /],
    [['run', 's.yaml', 'more.yaml'], /^sim run: more\.yaml is one argument too many, /],
  ];
  for (const [words, message] of cases) {
    const { status, stdout, stderr } = await sim(directory, ...words);
    t.equal(status, 2, words.join(' '));
    t.match(stderr, message);
    t.equal(stdout, '');
  }
  t.equal((await sim(directory, '--help')).status, 0);
  t.match((await sim(directory, 'run', '--help')).stdout, /--set/);
  t.match((await sim(directory, '--version')).stdout, /^\d+\.\d+\.\d+/);
});

t.test('wrong scenarios exit with 2, one message, and leave nothing behind', async (t) => {
  const rule = ['rules:', '- name: r', '  scope: local', '  when: entity.state == 3'];
  const system = 'duration: 1m\nsystem: { managers: 3 }\n';
  const cases: readonly [string, RegExp][] = [
    ['duration: 1m\nsystem: { mangers: 3 }\n', /^s\.yaml:2:11: unknown key mangers, did you mean /],
    [`${system}network: { loss: -1% }\n`, /^s\.yaml:3:18: loss: "-1%" is negative, /],
    [`${system}rules: [none.yaml]\n`, /^s\.yaml:3:9: cannot read the rule file none\.yaml: /],
    [`${system}rules: [r.yaml]\n`, /^r\.yaml:4:\d+: /],
    [`${system}rules: [.]\n`, /^s\.yaml:3:9: cannot read the rule file \.: it is a directory, /],
    ['duration: [\n', /^s\.yaml:\d+:\d+: /],
  ];
  for (const [text, message] of cases) {
    const rules = [...rule, '  do: restart', ''].join('\n');
    const directory = directoryOf(t, text, { 'r.yaml': rules });
    const { status, stdout, stderr } = await sim(directory, 'run', 's.yaml');
    t.equal(status, 2, text);
    t.match(stderr, message);
    t.equal(stdout, '');
    t.notOk(existsSync(join(directory, 'results')), 'no run directory');
  }
  const directory = t.testdir();
  const wanted = { status: 2, stderr: /^\.:1:1: .* it is a directory, / };
  t.match(await sim(directory, 'run', '.'), wanted);
  const missing = { status: 2, stderr: /^no\.yaml:1:1: .* no such file/ };
  t.match(await sim(directory, 'run', 'no.yaml'), missing);
});

t.test('what the live world lacks is refused by name', async (t) => {
  const { status, stderr } = await sim(t.testdir(), 'live', resolve('scenarios/smoke.yaml'));
  t.equal(status, 2);
  t.match(stderr, /smoke\.yaml:\d+:5: faults\[2\]: partition is not available/);
});

t.test('sim report of something else exits with 2', async (t) => {
  const directory = t.testdir();
  t.match(await sim(directory, 'report', '.'), { status: 2, stderr: /not a run/ });
  t.match(await sim(directory, 'report', 'nowhere'), { status: 2 });
});

t.test('sim run never replaces a directory that is no run', async (t) => {
  const directory = directoryOf(t, 'duration: 1m\nsystem: { managers: 3 }\n');
  mkdirSync(join(directory, 'mine'));
  writeFileSync(join(directory, 'mine', 'precious'), 'text');
  const refused = { status: 2, stderr: /not a run/ };
  t.match(await sim(directory, 'run', 's.yaml', '--out', 'mine'), refused);
  t.equal(readFileSync(join(directory, 'mine', 'precious'), 'utf8'), 'text');
});

t.test('sim init writes a scenario that checks, and never overwrites', async (t) => {
  const directory = t.testdir();
  t.equal((await sim(directory, 'init')).status, 0);
  t.equal((await sim(directory, 'check', 'scenario.yaml')).status, 0);
  writeFileSync(join(directory, 'scenario.yaml'), 'mine');
  t.match(await sim(directory, 'init'), { status: 2, stderr: /exists already/ });
  t.equal(readFileSync(join(directory, 'scenario.yaml'), 'utf8'), 'mine');
  const nowhere = { status: 2, stderr: /no such directory/ };
  t.match(await sim(directory, 'init', 'no/such/file.yaml'), nowhere);
});

t.test('starters of all kinds are sound, and so are their schemas', async (t) => {
  const directory = t.testdir();
  for (const kind of ['scenario', 'sweep', 'rules']) {
    t.equal((await sim(directory, 'init', '--kind', kind, '--quiet')).status, 0);
    const { stdout } = await sim(directory, 'schema', '--kind', kind);
    const { title, patternProperties } = JSON.parse(stdout) as Record<string, unknown>;
    t.equal(title, `Howdah ${kind}`);
    t.same(patternProperties, { '^x-': {} });
  }
  t.equal((await sim(directory, 'check', 'scenario.yaml')).status, 0);
  t.equal(loadSweep(join(directory, 'sweep.yaml'), { checkMeasure }).cells.length, 3);
  writeFileSync(join(directory, 's.yaml'), 'rules: [rules.yaml]\n' + ruled);
  t.match(await sim(directory, 'check', 's.yaml'), { status: 0, stderr: '' });
  t.same(Object.keys(ruleProperties).sort(), [...ruleKeys].sort(), 'the schema knows all keys');
});
const ruled = 'duration: 1m\nsystem: { managers: 1, resources: [{ kind: service, count: 3 }] }\n';

t.test('a shell is told how to complete', async (t) => {
  const directory = t.testdir();
  t.match((await sim(directory, 'completion', 'zsh')).stdout, /compdef _howdah sim howdah/);
  const { stdout: script } = await sim(directory, 'completion', 'bash');
  const program = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
  const complete = (line: string): string[] => {
    const words = line.split(' ');
    const asked = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
      COMP_CWORD=${words.length - 1}; _howdah; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', asked], { encoding: 'utf8' }).stdout.trim().split('\n');
  };
  t.same(complete(`${program} ver`), ['verify']);
  t.same(complete(`${program} run --trace-`), ['--trace-messages']);
});

t.test('sim list and sim schema', async (t) => {
  const directory = t.testdir();
  const listed = JSON.parse((await sim(directory, 'list', '--json')).stdout) as { file: string }[];
  for (const { file } of listed) t.ok(existsSync(resolve(directory, file)), file);
  const schema = JSON.parse((await sim(directory, 'schema')).stdout) as {
    required: string[];
    patternProperties: object;
    properties: { system: { properties: { managers: object } } };
  };
  t.same(schema.required, ['duration', 'system']);
  t.same(schema.patternProperties, { '^x-': {} });
  t.match(schema.properties.system.properties.managers, { minimum: 1, description: String });
});

t.test('sim check tells what to expect, and runs nothing', async (t) => {
  const directory = t.testdir();
  const path = resolve('scenarios/1000-nodes.yaml');
  const told = await sim(directory, 'check', path);
  t.equal(told.status, 0);
  t.match(told.stdout, /50 managers and 950 resources/);
  const expected = JSON.parse((await sim(directory, 'check', path, '--json')).stdout) as {
    messagesPerSecond: { resourceHeartbeats: number; managerHeartbeats: number };
  };
  t.equal(expected.messagesPerSecond.resourceHeartbeats, 95);
  t.equal(expected.messagesPerSecond.managerHeartbeats, 4.9);
  t.notOk(existsSync(join(directory, 'results')));
});
