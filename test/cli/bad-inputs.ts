/** What users get wrong, and what `sim` must say to it: read by bad-inputs.test.ts. */
import { gzipSync } from 'node:zlib';

export interface BadInput {
  /** What is wrong. */
  readonly what: string;
  /** Of the command line. */
  readonly words: readonly string[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** In the one message; it begins with a place where there is one. */
  readonly says: RegExp;
  readonly exit?: number;
  /** Made before, in this process: a run in `run`, a sweep in `sweep`. */
  readonly after?: 'run' | 'sweep';
  /** Done to what was made. */
  readonly damage?: (file: (path: string) => Damage) => void;
}

export interface Damage {
  cut(bytes: number): void;
  write(text: string): void;
  remove(): void;
}

export const good = 'duration: 1m\nsystem: { managers: 2 }\nmeasure: { samples: 10 }\n';
export const goodSweep = 'base: s.yaml\nvary: { network.loss: [0, 1%] }\n';
const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');
const rule = (when: string): string =>
  `rules:\n- name: r\n  scope: local\n  when: ${when}\n  do: restart\n`;

/** A scenario file of this content, given to `sim run`. */
const scenario = (what: string, text: string | Uint8Array, says: RegExp): BadInput => ({
  what, words: ['run', 'b.yaml'], files: { 'b.yaml': text }, says,
});
const ruled = (what: string, text: string | Uint8Array, says: RegExp): BadInput => ({
  what,
  words: ['run', 'b.yaml'],
  files: { 'b.yaml': `${good}rules: [r.yaml]\n`, 'r.yaml': text },
  says,
});
const swept = (what: string, text: string | Uint8Array, says: RegExp): BadInput => ({
  what, words: ['sweep', 'w.yaml'], files: { 'w.yaml': text, 's.yaml': good }, says,
});
/** Words after `sim`. */
const said = (words: string, says: RegExp): BadInput => ({
  what: `sim ${words}`,
  words: words === '' ? [] : words.split(' ').map((word) => (word === "''" ? '' : word)),
  files: { 's.yaml': good, 'w.yaml': goodSweep },
  says,
});

const usage: readonly BadInput[] = [
  said('', /^sim: name a command, see sim --help$/),
  said('rnu s.yaml', /^sim: unknown command rnu, did you mean run\?$/),
  said('frobnicate', /^sim: unknown command frobnicate, see sim --help$/),
  said('run -x s.yaml', /^sim: unknown option -x, see sim run --help$/),
  said('run', /^sim run: name a file or directory to work on, see sim run --help$/),
  said('run s.yaml t.yaml', /^sim run: t\.yaml is one argument too many, /),
  said('run s.yaml --sed 3', /^sim: unknown option --sed, did you mean --seed\?$/),
  said('run s.yaml --colour red', /^sim: unknown option --colour, see sim run --help$/),
  said('run s.yaml --set', /^--set: a value is missing, write --set VALUE$/),
  said('run s.yaml --seed abc', /^--seed: abc is not a whole number that fits, write 0 or more$/),
  said('run s.yaml --seed -1', /^--seed: -1 is not a whole number that fits, write 0 or more$/),
  said('run s.yaml --seed 1.5', /^--seed: 1\.5 is not a whole number that fits, /),
  said('run s.yaml --seed=', /^--seed: nothing is not a whole number|^--seed: a value is missing/),
  said('run s.yaml --seed 99999999999999999', /^--seed: 9+ is not a whole number that fits, /),
  said("run s.yaml --out ''", /^--out: a value is missing, write --out VALUE$/),
  said("run ''", /^sim: the scenario has no name, name a file or directory$/),
  said('run s.yaml --quiet=3', /^--quiet: 3 is no value of a switch, write --quiet alone$/),
  said('run s.yaml --seed 3 --seed=4', /^--seed: it says 3, and then 4, give one of them$/),
  said('run s.yaml --out a --out b', /^--out: it says a, and then b, give one of them$/),
  said('run s.yaml --set seed=3 --set seed=4', /^--set seed: it says 3, and then 4, give one of t/),
  said('run s.yaml --seed 3 --set seed=4', /^--set seed: it says 4, and --seed says 3, give one o/),
  said('run s.yaml --trace --no-trace', /^--trace: it says yes, and then no, give one of them$/),
  said('run s.yaml --quiet --quiet=false', /^--quiet: it says yes, and then no, give one of/),
  said('run s.yaml --no-trace --trace-messages', /^--no-trace: .* says otherwise, leave out one/),
  said('run s.yaml --set system', /^--set system: there is no path and value, write path=value/),
  said('run s.yaml --set system..managers=3', /^--set system\.\.managers: the path has an empty s/),
  said('run s.yaml --set sytem.managers=3', /^--set sytem\.managers: unknown key sytem, did you m/),
  said('run s.yaml --set faults[3].at=5m', /^--set faults\[3\]\.at: .*, /),
  said('run s.yaml --plugin no.mjs', /^--plugin no\.mjs: there is no package no\.mjs here, instal/),
  said('run s.yaml --plugin ./no.mjs', /^--plugin \.\/no\.mjs: there is no file .*, name a module/),
  said('sweep w.yaml --jobs 0', /^--jobs: 0 is not a whole number that fits, write 1 to 1000$/),
  said('sweep w.yaml --jobs many', /^--jobs: many is not a whole number that fits, write 1 to/),
  said('sweep w.yaml --shard 3/2', /^--shard 3\/2: write i\/n with i from 1 to n, for example 1/),
  said('sweep w.yaml --set seed=4', /^--set seed: each replication .*, write --seed N for all/),
  said('sweep w.yaml --set network.loss=2%', /^--set network\.loss: the sweep varies network\.los/),
  said('explore s.yaml --seeds 0', /^--seeds: 0 is not a whole number that fits, write 1 to /),
  said('report s.yaml --format pdf', /^--format: pdf is not a choice here, known here: shiviz, /),
  said('fit x.csv --bootstrap -1', /^--bootstrap: -1 is not a whole number that fits, write 0 to /),
  said('fit x.csv --confidence 2', /^--confidence: 2 is not between 0 and 1, write 0\.95$/),
  said('fit x.csv --from 4d --until 3d', /^--from: it is not before --until, write an earlier/),
  said('fit x.csv --from soon', /^--from: "soon" is not a duration, write a number with a unit /),
  said('explore s.yaml --time never', /^--time: "never" is not a duration, write a number with a /),
];

const texts: readonly BadInput[] = [
  { what: 'no such scenario', words: ['run', 'no.yaml'], says: /^no\.yaml:1:1: .* there is no su/ },
  { what: 'a directory', words: ['run', '.'], says: /^\.:1:1: .* it is a directory, name a YAML/ },
  scenario('an empty file', '', /^b\.yaml:1:1: there is nothing in this file, sim init writes/),
  scenario('a mere word', 'hello', /^b\.yaml:1:1: this is not a scenario, write keys and values/),
  scenario('UTF-16', utf16(good), /^b\.yaml:1:1: the file is in UTF-16, save it as UTF-8$/),
  scenario('Latin-1', Buffer.from(`${good}name: é`, 'latin1'), /^b\.yaml:4:7: .* not UTF-8, save/),
  scenario('a zero byte', `${good}#\0`, /^b\.yaml:4:2: the file holds a zero byte, .*, name a te/),
  scenario('gzip', gzipSync(good), /^b\.yaml:1:1: the file is compressed, gunzip it$/),
  scenario('two documents', `${good}---\n${good}`, /^b\.yaml:4:1: a second document begins here, /),
  scenario('a key twice', `${good}seed: 1\nseed: 2\n`, /^b\.yaml:5:1: the key seed stands here a /),
  scenario('a tab', 'duration: 1m\nsystem:\n\tmanagers: 2\n', /^b\.yaml:3:1: not valid YAML: .*, /),
  scenario('no end', 'duration: [', /^b\.yaml:1:\d+: not valid YAML: .*, correct it, /),
  scenario('depth', `x-a: ${'['.repeat(9999)}`, /^b\.yaml:1:\d+: this YAML nests too deeply, writ/),
  scenario(
    'an alias bomb',
    `${good}x-a: &a [1,1,1,1,1,1,1,1,1,1]\n` +
      'bcdefghi'.replaceAll(/./g, (name) => {
        const before = String.fromCharCode(name.charCodeAt(0) - 1);
        return `x-${name}: &${name} [${Array(10).fill(`*${before}`).join()}]\n`;
      }),
    /^b\.yaml:1:1: .*alias.*, correct the YAML$/,
  ),
  scenario('a sweep', goodSweep, /^b\.yaml:1:1: this is a sweep, not a scenario, try sim sweep b/),
  scenario('a rule file', rule('true'), /^b\.yaml:1:1: this is a rule file, not a scenario, name /),
  scenario('an unknown key', `${good}sed: 1\n`, /^b\.yaml:4:1: unknown key sed, did you mean see/),
  scenario('a key that is nothing', `${good}~: 1\n`, /^b\.yaml:\d:1: unknown key "", known he/),
  scenario('no duration', 'system: { managers: 2 }', /^b\.yaml:1:1: duration is missing, add dura/),
  scenario('no unit', 'duration: 5x\nsystem: { managers: 2 }', /^b\.yaml:1:11: duration: x/),
  scenario('too long', 'duration: 1e99y\nsystem: { managers: 2 }', /^b\.yaml:1:11: .*, /),
  scenario('nobody', 'duration: 1m\nsystem: { managers: 0 }', /^b\.yaml:2:21: .* too small, the l/),
  scenario('a share', `${good}network: { loss: -1% }`, /^b\.yaml:4:18: loss: "-1%" is negative, /),
  scenario('no matrix', `${good}network: { latency: { matrix: { file: m.tsv } } }`,
    /^b\.yaml:4:39: there is no matrix m\.tsv(, nor one in .*)?, put it there or name its fo/),
  scenario('no trace', `${good}faults: [{ trace: { file: t.csv }, crash: { each: hosts } }]`,
    /^b\.yaml:4:27: there is no trace t\.csv(, nor one in .*)?, put it there or name its fold/),
  ruled('rules: no condition', 'rules:\n- name: r\n  scope: local\n', /^r\.yaml:\d+:\d+: .*, /),
  ruled('rules: a type', rule('entity.state == 3'), /^r\.yaml:4:9: == does not take string and in/),
  ruled('rules: too long', rule(`entity.name == "${'x'.repeat(3e4)}"`), /^r\.yaml:4:\d+: .* longe/),
  ruled('rules: too deep', rule(`${'('.repeat(500)}true`), /^r\.yaml:4:\d+: .* nests deeper than /),
  ruled('rules: a pattern', rule('entity.name.matches("(?<=a)b")'), /^r\.yaml:4:\d+: .* no regula/),
  ruled('rules: UTF-16', utf16(rule('true')), /^r\.yaml:1:1: the file is in UTF-16, save it as U/),
  ruled('rules: two documents', `${rule('true')}---\n`, /^r\.yaml:\d+:1: a second document begins/),
  ruled('rules: binary', Buffer.from([0xff, 0, 0xfe, 0x80]), /^r\.yaml:1:1: .*UTF-16|UTF-8, /),
  swept('a scenario', good, /^w\.yaml:1:1: this is a scenario, not a sweep, try sim run w\.yaml, /),
  swept('UTF-16: a sweep', utf16(goodSweep), /^w\.yaml:1:1: the file is in UTF-16, save it as UT/),
  swept('two documents: sweeps', `${goodSweep}---\n${goodSweep}`, /^w\.yaml:3:1: a second docu/),
  swept('a key twice: a sweep', `base: s.yaml\n${goodSweep}`, /^w\.yaml:2:1: the key base stan/),
  swept('no base', 'base: no.yaml\nvary: {}\n', /^w\.yaml:1:7: cannot read the base scenario no\./),
  swept('a base that is a sweep', 'base: w.yaml\nvary: {}\n', /^w\.yaml:1:1: this is a sweep, not/),
  swept('a wrong cell', 'base: s.yaml\nvary: { network.loss: [2] }\n', /^w\.yaml:2:24: loss: 2 is/),
  swept('a value twice', 'base: s.yaml\nvary: { seed: [1, 1] }\n', /^w\.yaml:2:\d+: each replicat/),
  swept('words for a measure',
    'base: s.yaml\nvary: {}\nreplications: { measure: digest, halfWidth: 5%, max: 3 }\n',
    /^w\.yaml:3:26: there is no measure digest, /),
  swept('no values', 'base: s.yaml\nvary: { network.loss: [] }\n', /^w\.yaml:2:23: .* too short, /),
  {
    what: 'a trace that is none', words: ['fit', 't.csv'], files: { 't.csv': 'a,b\n1,2\n' },
    says: /^t\.csv:1:1: there is no column node, write a header with node, /,
  },
  {
    what: 'a trace cut off', words: ['fit', 't.avt'], files: { 't.avt': 'a 2 0 10 20' },
    says: /^t\.avt:1:1: 2 sessions are announced, but 3 times follow, write a start and an end/,
  },
  {
    what: 'a trace in UTF-16', words: ['fit', 't.csv'], files: { 't.csv': utf16('node') },
    says: /^t\.csv:1:1: the file is in UTF-16, save it as UTF-8$/,
  },
  {
    what: 'a trace that is packed', words: ['fit', 't.avt'], files: { 't.avt': gzipSync('a') },
    says: /^t\.avt:1:1: the file is compressed, gunzip it$/,
  },
  { what: 'no trace', words: ['fit', 'no.csv'], says: /^no\.csv:1:1: cannot read the trace: ther/ },
  {
    what: 'a plugin that does not load', words: ['run', 's.yaml', '--plugin', './p.mjs'],
    files: { 's.yaml': good, 'p.mjs': 'export default {' },
    says: /^--plugin \.\/p\.mjs: it does not load \(SyntaxError: .*\), correct the module$/,
  },
];

const directories: readonly BadInput[] = [
  { what: 'report of nothing', words: ['report', 'no'], says: /^no: not a run \(a run directory / },
  {
    what: 'report of the user\'s own', words: ['report', 'mine'], files: { 'mine/x.txt': 'x' },
    says: /^mine: not a run \(/,
  },
  {
    what: 'a run into the user\'s own', words: ['run', 's.yaml', '--out', 'mine'],
    files: { 's.yaml': good, 'mine/x.txt': 'x' },
    says: /mine: exists and is not a run directory; name another, or remove it$/,
  },
  {
    what: 'a run below a file', words: ['run', 's.yaml', '--out', 's.yaml/run'],
    files: { 's.yaml': good }, exit: 4,
    says: /s\.yaml: something else has this name, choose another$/,
  },
  {
    what: 'a sweep into the user\'s own', words: ['sweep', 'w.yaml', '--out', 'mine'],
    files: { 's.yaml': good, 'w.yaml': goodSweep, 'mine/x.txt': 'x' },
    says: /^mine: exists and is not a sweep directory; name another directory, or remove it$/,
  },
  {
    what: 'init over a file', words: ['init', 's.yaml'], files: { 's.yaml': good },
    says: /^s\.yaml:1:1: exists already, name a file that does not$/,
  },
  { what: 'init nowhere', words: ['init', 'no/s.yaml'], says: /^no\/s\.yaml:1:1: there is no suc/ },
  { what: 'merge of nothing', words: ['merge', 'no'], says: /^no: not a sweep \(a sweep director/ },
  {
    what: 'shrink of no run', words: ['shrink', 'mine'], files: { 'mine/x.txt': 'x' },
    says: /^mine: there is no scenario\.yaml in it \(/,
  },
  { what: 'verify of nothing', words: ['verify', 'no.yaml'], says: /^no\.yaml:1:1: .* no such fi/ },
  { what: 'explore of nothing', words: ['explore', 'no.yaml'], says: /^no\.yaml:1:1: .* no such / },
  { what: 'live of nothing', words: ['live', 'no.yaml'], says: /^no\.yaml:1:1: .* no such file, / },
  { what: 'check of nothing', words: ['check', 'no.yaml'], says: /^no\.yaml:1:1: .* no such file/ },
  {
    what: 'a summary for a scenario', after: 'run', words: ['run', 'run/summary.json'],
    says: /^run\/summary\.json:1:1: this is the summary of a run, not a scenario, name the scenari/,
  },
  {
    what: 'a manifest for a scenario', after: 'run', words: ['check', 'run/manifest.json'],
    says: /^run\/manifest\.json:1:1: this is the manifest of a run or sweep, not a scenario, /,
  },
  {
    what: 'no trace in a run', after: 'run', words: ['report', 'run', '--format', 'shiviz'],
    says: /^run: there is no trace in it \(make one by sim run --trace-messages\)$/,
  },
  {
    what: 'a trace of a sweep', after: 'sweep', words: ['report', 'sweep', '--format', 'shiviz'],
    says: /^sweep: a sweep keeps no traces, name one of its runs: sweep\/runs$/,
  },
  {
    what: 'a summary begun', after: 'run', words: ['report', 'run'],
    damage: (file) => file('run/summary.json').write('{"a":'),
    says: /^run\/summary\.json: is cut off, make the run again: sim run run\/scenario\.yaml$/,
  },
  {
    what: 'a table cut at a row', after: 'run', words: ['report', 'run'],
    damage: (file) => file('run/timeseries.csv').cut(200),
    says: /^run\/timeseries\.csv: is cut off, make the run again: /,
  },
  {
    what: 'a table gone', after: 'run', words: ['report', 'run'],
    damage: (file) => file('run/faults.csv').remove(),
    says: /^run\/faults\.csv: is missing, make the run again: /,
  },
  {
    what: 'a manifest that is none', after: 'run', words: ['report', 'run'],
    damage: (file) => file('run/manifest.json').write('[]'),
    says: /^run\/manifest\.json: holds something else, make the run again: /,
  },
  {
    what: 'a scenario changed in a run', after: 'run', words: ['report', 'run'],
    damage: (file) => file('run/scenario.yaml').write(`${good}${'# mine\n'.repeat(500)}`),
    says: /^run\/scenario\.yaml: is not as it was written, make the run again: /,
  },
  {
    what: 'a sweep that is not over', after: 'sweep', words: ['report', 'sweep'],
    damage: (file) => file('sweep/runs.csv').remove(),
    says: /^sweep: the sweep is not over; sim sweep --resume goes on with it$/,
  },
  {
    what: 'a sweep\'s table cut', after: 'sweep', words: ['report', 'sweep'],
    damage: (file) => file('sweep/runs.csv').cut(300),
    says: /^sweep\/runs\.csv: is cut off, make it again: sim sweep --resume$/,
  },
  {
    what: 'a sweep\'s manifest cut', after: 'sweep', words: ['sweep', 'w.yaml', '--out', 'sweep'],
    damage: (file) => file('sweep/manifest.json').cut(20),
    says: /^sweep\/manifest\.json: is no JSON, or cut off, name another directory, or remove it$/,
  },
  {
    what: 'another sweep\'s directory', after: 'sweep',
    words: ['sweep', 'w.yaml', '--seed', '9', '--out', 'sweep'],
    says: /^sweep: holds another sweep, or one made by other code; name another directory, or/,
  },
  {
    what: 'merge of a whole sweep', after: 'sweep', words: ['merge', 'sweep'],
    says: /^sweep: is a whole sweep already, name shards$/,
  },
];

const against = (what: string, says: RegExp, ...words: string[]): BadInput =>
  ({ what: `compare: ${what}`, after: 'sweep', words: ['compare', ...words], says });

const comparisons: readonly BadInput[] = [
  against('nothing there', /^nowhere: not a run/, 'run', 'nowhere'),
  against('a cell of a run', /^run@a=1: run is a run, name it without @$/, 'run', 'run@a=1'),
  against('no such value', /^sweep@network\.loss=9%: there is no cell @network\.loss=9%, write /,
    'run', 'sweep@network.loss=9%'),
  against('no such axis', /there is no cell @x=1, write @network\.loss=0$/, 'run', 'sweep@x=1'),
  against('no cell in common', /^run and sweep: they have no cell in common, hold what/,
    'run', 'sweep'),
  against('no condition', /^--fail-if 'settle': write MEASURE > CHANGE, such as/,
    'run', 'run', '--fail-if', 'settle'),
  against('a condition on no measure', /^--fail-if 'setle\.p95 > 5%': there is no measure setle/,
    'run', 'run', '--fail-if', 'setle.p95 > 5%'),
  against('a condition on what no run has', /no run has detection\.seconds\.mean$/,
    'run', 'run', '--fail-if', 'detection.seconds.mean > 5%'),
  against(
    'no such measure', /^--measure x: there is no measure x, /, 'run', 'run', '--measure', 'x',
  ),
  against('tuning for nothing', /^--tune: name the measure too, --at-equal MEASURE$/,
    'run', 'run', '--tune', 'a=1..2'),
  against('no range', /^--tune a=1: write PATH=low\.\.high, such as/,
    'run', 'run', '--at-equal', 'events', '--tune', 'a=1'),
  against('a range that falls', /^--tune a=2s\.\.1s: it does not rise, write the/,
    'run', 'run', '--at-equal', 'events', '--tune', 'a=2s..1s'),
];

export const badInputs: readonly BadInput[] =
  [...usage, ...texts, ...directories, ...comparisons];
