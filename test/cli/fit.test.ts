import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { sample } from '../../experiment/random/distributions.js';
import { EntityRandom, streamKey } from '../../experiment/random/streams.js';
import { parseScenario } from '../../checker/scenario.js';
import { simHere } from './in-process.js';

/** 300 nodes that live by a Weibull law and are repaired by a lognormal one, a year. */
function log(): string {
  const random = new EntityRandom(streamKey(3, 'test/fit'), 0);
  const rows = ['node,failed_at_s,repaired_at_s,cause'];
  for (let node = 0; node < 300; node += 1) {
    for (let at = 0; ; ) {
      at += sample({ kind: 'weibull', scale: 20 * 86_400, shape: 0.8 }, random.next());
      if (at > 365 * 86_400) break;
      const failed = at;
      at += sample({ kind: 'lognormal', median: 7200, sigma: 1.5 }, random.next());
      rows.push(`${node},${failed.toFixed(3)},${at.toFixed(3)},"drawn, by chance"`);
    }
  }
  return rows.join('\n');
}

t.test('sim fit: a table, a fragment that runs, a chart, numbers', async (t) => {
  const directory = t.testdir({ 'log.csv': log() });
  const words = ['fit', 'log.csv', '--bootstrap', '19'];
  const { status, stdout, stderr } = await simHere(directory, ...words);
  t.equal(status, 0, stderr);
  t.match(stdout, /Lifetimes fit weibull best \(least AIC\)\./);
  t.match(stdout, /Repairs fit lognormal best \(least AIC\)\./);
  t.notMatch(stdout, /NaN|undefined|it is not the law itself/);
  t.match(stdout, /The trace has [\d,]+ failures; as many nodes/);
  t.match(stdout, /Intervals know that what happens to one node goes together\./);
  const fragment = stdout.slice(stdout.indexOf('faults:'), stdout.indexOf('Written'));
  const scenario = parseScenario(
    `duration: 9d\nsystem: { managers: 3, resources: [{ kind: service, count: 5 }] }\n${fragment}`,
    'fitted.yaml',
  );
  t.match(scenario.faults, [
    { when: { lifetime: { kind: 'weibull' } }, repair: { kind: 'lognormal' } },
  ]);
  const folder = join(directory, 'results', 'fit', 'log');
  for (const file of ['fit.svg', 'fit.vl.json']) t.ok(existsSync(join(folder, file)), file);
  const numbers = JSON.parse(readFileSync(join(folder, 'fit.json'), 'utf8')) as Numbers;
  const [scale, shape] = numbers.lifetimes.laws[0].parameters;
  t.ok(scale.lower < 20 * 86_400 && 20 * 86_400 < scale.upper, JSON.stringify(scale));
  t.ok(shape.lower < 0.8 && 0.8 < shape.upper, JSON.stringify(shape));
  const [median, sigma] = numbers.repairs.laws[0].parameters;
  t.ok(median.lower < 7200 && 7200 < median.upper, JSON.stringify(median));
  t.ok(sigma.lower < 1.5 && 1.5 < sigma.upper, JSON.stringify(sigma));
  const { recorded, implied } = numbers.failures;
  t.ok(implied.lower < recorded && recorded < implied.upper, JSON.stringify(numbers.failures));
  const again = await simHere(directory, ...words, '--json', '--out', 'other');
  const { files, ...rest } = JSON.parse(again.stdout) as Record<string, unknown>;
  t.same(rest, numbers, 'the same again');
  t.equal((files as string[]).length, 3);
});

interface Numbers {
  readonly lifetimes: { readonly laws: readonly { readonly parameters: readonly Interval[] }[] };
  readonly repairs: Numbers['lifetimes'];
  readonly failures: { readonly recorded: number; readonly implied: Interval };
}
interface Interval {
  readonly lower: number;
  readonly upper: number;
}

t.test('wrong input: one message with its place, exit 2, nothing left behind', async (t) => {
  const directory = t.testdir({
    'bad.csv': 'node,failed_at_s,repaired_at_s\n1,5,4\n', 'x.txt': '', 'ok.avt': 'a 1 1 2\n',
  });
  const cases: readonly (readonly [string[], RegExp])[] = [
    [['no.csv'], /^no\.csv:1:1: cannot read the trace: there is no such file, name a failure/],
    [['x.txt'], /^x\.txt:1:1: nothing tells the format of this trace, add --format csv or/],
    [['bad.csv'], /bad\.csv:2:5: repaired at 4s, before it failed, write when/],
    [['ok.avt', '--from', '5'], /5 has no unit, write a number with a unit/],
    [['ok.avt', '--bootstrap', '-1'], /^--bootstrap: -1 is not a whole number/],
    [['ok.avt', '--confidence', '95'], /^--confidence: 95 is not between 0 and 1/],
    [['ok.avt', '--format', 'xml'], /Invalid values|xml/],
  ];
  for (const [words, message] of cases) {
    const { status, stdout, stderr } = await simHere(directory, 'fit', ...words);
    t.equal(status, 2, words.join(' '));
    t.match(stderr, message);
    t.equal(stdout, '');
    if (!words.includes('xml')) t.equal(stderr.trim().split('\n').length, 1, stderr);
  }
  t.notOk(existsSync(join(directory, 'results')));
  const little = await simHere(directory, 'fit', 'ok.avt', '--out', 'out');
  t.equal(little.status, 0);
  t.match(little.stdout, /Fewer than two different ends were seen: nothing to fit\./);
  t.match(little.stdout, /Too few of either for a scenario\./);
});
