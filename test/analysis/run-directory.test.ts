import * as fs from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  openRunDirectory,
  readFinishedRun,
  readRunDirectory,
  RunDirectoryError,
  writeRunDirectory,
} from '../../analysis/index.js';
import type { FaultRow, RunRecord } from '../../analysis/index.js';
import { syntheticRun } from './synthetic.js';

const record = syntheticRun({
  durationSeconds: 600,
  episodes: 4,
  resourceFaults: 10,
  samples: 50,
});
const files = {
  scenarioYaml: 'name: synthetic\n',
  manifest: {
    version: '0.0.0',
    node: 'v20',
    platform: 'test',
    wallSeconds: 1,
    peakMemoryBytes: 1,
    command: 'sim run x.yaml',
  },
};

const everything = [
  'episodes.csv',
  'fault-targets.csv',
  'faults.csv',
  'manifest.json',
  'messages.csv',
  'scenario.yaml',
  'stories.json',
  'summary.json',
  'timeseries.csv',
];

function diskFull(): RunRecord {
  const full = Object.assign(new Error('write: no space'), { code: 'ENOSPC', path: 'x' });
  const faults: Iterable<FaultRow> = {
    *[Symbol.iterator]() {
      yield [...record.faults][0];
      throw full;
    },
  };
  return { ...record, faults };
}

void t.test('a run directory comes back as it was written', (t) => {
  const target = join(t.testdir(), 'results', 'synthetic', 'ab12');
  writeRunDirectory(target, record, { ...files, latest: true });
  t.same(fs.readdirSync(target).sort(), everything);
  const read = readRunDirectory(target);
  t.same(read.summary, record.summary);
  t.same(read.episodes, record.episodes);
  t.same(read.faults, [...record.faults]);
  t.same(read.messages, record.messages);
  t.same(read.timeseries, record.timeseries);
  t.same(read.stories, record.stories);
  t.same(read.detections, record.detections);
  t.same(read.manifest, { ...files.manifest, interrupted: false });
  t.equal(fs.readlinkSync(join(target, '..', 'latest')), 'ab12');
  t.equal(fs.statSync(target).mode & 0o555, 0o555, 'others may read it');
  t.end();
});

void t.test('the same run again replaces the directory, latest moves on', (t) => {
  const parent = t.testdir();
  const [first, second] = [join(parent, 'a'), join(parent, 'b')];
  writeRunDirectory(first, record, { ...files, latest: true });
  fs.writeFileSync(join(first, 'report.html'), 'old');
  const again = { ...files, manifest: { ...files.manifest, wallSeconds: 2 } };
  writeRunDirectory(first, { ...record, interrupted: true }, again);
  t.same(readRunDirectory(first).manifest, { ...again.manifest, interrupted: true });
  t.notOk(fs.existsSync(join(first, 'report.html')), 'the former report went with its run');
  writeRunDirectory(second, record, { ...files, latest: true });
  t.equal(fs.readlinkSync(join(parent, 'latest')), 'b');
  t.same(fs.readdirSync(parent).sort(), ['a', 'b', 'latest'], 'nothing is left behind');
  t.end();
});

void t.test('a failure in the middle leaves nothing, or what was there before', (t) => {
  const parent = t.testdir();
  const target = join(parent, 'run');
  t.throws(() => writeRunDirectory(target, diskFull(), files), {
    name: 'RunDirectoryError',
    code: 'ENOSPC',
    message: /no space left/,
  });
  t.same(fs.readdirSync(parent), []);
  writeRunDirectory(target, record, files);
  t.throws(() => writeRunDirectory(target, diskFull(), files), RunDirectoryError);
  t.same(fs.readdirSync(parent), ['run']);
  t.same(readRunDirectory(target).faults, [...record.faults]);
  t.end();
});

void t.test('until commit there is nothing to see, after discard nothing at all', (t) => {
  const parent = t.testdir();
  const target = join(parent, 'run');
  const pending = openRunDirectory(target);
  const trace = pending.trace();
  trace.observe(1_500_000, 3, { type: 'mark', name: 'here' });
  t.notOk(fs.existsSync(target));
  pending.discard();
  t.same(fs.readdirSync(parent), []);

  const second = openRunDirectory(target);
  const sink = second.trace();
  for (let index = 0; index < 3000; index += 1) {
    sink.observe(index, -1, { type: 'mark', name: `n${index}` });
  }
  second.commit(record, files);
  second.discard();
  const lines = fs.readFileSync(join(target, 'trace.jsonl'), 'utf8').trimEnd().split('\n');
  t.equal(lines.length, 3000);
  t.same(JSON.parse(lines[2999]), { t: 2999, p: -1, type: 'mark', name: 'n2999' });
  t.end();
});

void t.test("what is not a run is never replaced, and not read for one", (t) => {
  const parent = t.testdir({ mine: { 'thesis.tex': 'years of work' }, file: 'x', empty: {} });
  for (const name of ['mine', 'file']) {
    t.throws(() => openRunDirectory(join(parent, name)), { code: 'NOT_A_RUN' });
  }
  t.throws(() => readRunDirectory(join(parent, 'mine')), { code: 'NOT_A_RUN' });
  t.throws(() => readRunDirectory(join(parent, 'nowhere')), { code: 'NOT_A_RUN' });
  t.throws(() => openRunDirectory(join(parent, 'file', 'run')), RunDirectoryError);
  writeRunDirectory(join(parent, 'empty'), record, files);
  t.same(fs.readdirSync(parent).sort(), ['empty', 'file', 'mine']);
  t.end();
});

void t.test('killed between the two renames: the former run is put back', (t) => {
  const parent = t.testdir();
  const target = join(parent, 'run');
  writeRunDirectory(target, record, files);
  fs.renameSync(target, join(parent, '.run.old-aside'));
  t.same(readRunDirectory(target).summary, record.summary);
  t.same(fs.readdirSync(parent), ['run']);
  t.end();
});

void t.test('what is damaged is named, whatever the damage', (t) => {
  const parent = t.testdir();
  const sound = join(parent, 'sound');
  writeRunDirectory(sound, record, files);
  const damages: Readonly<Record<string, (path: string) => void>> = {
    cut: (path) => fs.truncateSync(path, fs.statSync(path).size - 2),
    emptied: (path) => fs.truncateSync(path, 0),
    begun: (path) => fs.writeFileSync(path, '{"a":'),
    removed: (path) => fs.rmSync(path),
    'of another kind': (path) => fs.writeFileSync(path, '[]'),
  };
  for (const [damage, inflict] of Object.entries(damages)) {
    for (const name of everything) {
      if (name === 'manifest.json' && damage === 'removed') continue;
      const directory = join(parent, 'damaged');
      fs.rmSync(directory, { recursive: true, force: true });
      fs.cpSync(sound, directory, { recursive: true });
      inflict(join(directory, name));
      const message = `${directory}/${name}`;
      const wanted = { name: 'RunDirectoryError', message, code: 'DAMAGED', isInput: true };
      const error = thrownBy(() => readRunDirectory(directory));
      const isNone = name === 'summary.json' && damage === 'removed';
      if (!isNone) t.match(error, wanted, `${name} ${damage}`);
      t.notMatch(error?.message, '\n', 'one line');
      t.equal(readFinishedRun(directory), undefined, 'counts as unfinished');
    }
  }
  t.match(readFinishedRun(sound), { summary: record.summary });
  t.end();
});

function thrownBy(work: () => unknown): Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

void t.test('what a killed process left is swept, what a living one makes is not', (t) => {
  const parent = t.testdir();
  const target = join(parent, 'run');
  const mine = openRunDirectory(target);
  const [making] = fs.readdirSync(parent);
  const dead = making.replace(`-${process.pid}-`, '-999999999-');
  fs.mkdirSync(join(parent, dead));
  fs.mkdirSync(join(parent, '.user.new-idea'));
  const other = openRunDirectory(join(parent, 'other'));
  t.notOk(fs.existsSync(join(parent, dead)));
  t.ok(fs.existsSync(join(parent, '.user.new-idea')));
  other.discard();
  mine.commit(record, files);
  t.same(readRunDirectory(target).summary, record.summary);
  t.end();
});
