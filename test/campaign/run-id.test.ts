import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { hashCode, runId, runIds } from '../../campaign/run-id.js';
import { parseScenario } from '../../checker/scenario.js';

const read = () => parseScenario('duration: 1m\nsystem: { managers: 3 }', 's.yaml');
const scenario = read();
const identity = { world: 'sim', scenario, code: 'abc', started: '' } as const;

t.test('a run is named by all that its results depend on, and by nothing else', (t) => {
  const id = runId(identity);
  t.match(id, /^[0-9a-f]{12}$/);
  t.equal(runId({ ...identity, scenario: read() }), id);
  t.equal(runId({ ...identity, scenario: { ...scenario, engine: { queue: 'heap' } } }), id);
  t.not(runId({ ...identity, scenario: { ...scenario, seed: 2 } }), id);
  const idOf = runIds(identity);
  for (const seed of [1, 2, 2 ** 53 - 1]) {
    t.equal(idOf(seed), runId({ ...identity, scenario: { ...scenario, seed } }), 'by the seed');
  }
  t.not(runId({ ...identity, scenario: { ...scenario, warmUpUs: 1 } }), id);
  t.not(runId({ ...identity, world: 'live' }), id);
  t.not(runId({ ...identity, code: 'abd' }), id);
  t.not(runId({ ...identity, started: 'now' }), id);
  t.end();
});

t.test('the code is hashed where it matters', (t) => {
  const root = t.testdir({ core: { 'a.js': '1' }, cli: { 'b.js': '1' }, sim: { 'c.d.ts': '' } });
  const hash = hashCode(root);
  writeFileSync(join(root, 'cli', 'b.js'), '2');
  writeFileSync(join(root, 'sim', 'c.d.ts'), '2');
  t.equal(hashCode(root), hash);
  writeFileSync(join(root, 'core', 'a.js'), '2');
  t.not(hashCode(root), hash, 'content');
  writeFileSync(join(root, 'core', 'a.js'), '1');
  t.equal(hashCode(root), hash);
  mkdirSync(join(root, 'live'));
  writeFileSync(join(root, 'live', 'd.js'), '');
  t.not(hashCode(root), hash, 'another file');
  t.end();
});
