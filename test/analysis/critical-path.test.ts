import { join } from 'node:path';
import t from 'tap';
import type { RunRecord } from '../../analysis/index.js';
import { loadScenario, parseScenario } from '../../checker/scenario.js';
import { simulate } from '../soak/simulate.js';

/** Crashes of everything, well apart. */
const scenario = `
duration: 19m
warmUp: 1m
system: { managers: 6, resources: [ { kind: service, count: 24 } ] }
measure: { samples: 10 }
invariants: []
faults:
  - { at: 4m, crash: coordinator, repairAfter: 2m }
  - { at: 8m, crash: { managers: 1 }, repairAfter: 2m }
  - { at: 12m, crash: { managers: 2 }, repairAfter: 2m }
  - { at: 16m, crash: { resources: 3 }, repairAfter: 90s }
`;

async function run(text: string, ...set: string[]): Promise<RunRecord> {
  return (await simulate(parseScenario(text, 'by-hand.yaml', { set }))).record;
}

/** Of every episode that is over: that its stretches are all of it, to the microsecond. */
function misfits({ episodes, paths, summary }: RunRecord): unknown[] {
  const over = episodes.filter(({ censored }) => !censored);
  const us = (seconds: number): number => Math.round(seconds * 1e6);
  const total = (some: readonly { readonly seconds: number }[]): number =>
    some.reduce((sum, { seconds }) => sum + us(seconds), 0);
  const whole = over.reduce((sum, { duration_s }) => sum + us(duration_s!), 0);
  const odd = over.filter(({ start_s, duration_s }, index) =>
    paths[index]?.start_s !== start_s || total(paths[index].stretches) !== us(duration_s!));
  return total(summary.recovery.criticalPath) === whole ? odd : [...odd, whole];
}

t.test('what recoveries waited for: with half of the setting named they are shorter', async (t) => {
  const plain = await run(scenario);
  t.same(misfits(plain), []);
  const named = new Map(plain.paths.map(({ stretches }, index) => [stretches[0].setting, index]));
  t.ok(named.has('coordination.managers.answerTimeout'), 'the coordinator is missed');
  t.ok(named.has('coordination.managers.timeout'), 'a manager is missed');
  for (const [setting, index] of named) {
    const { episodes } = await run(scenario, `${setting}=15s`);
    const { start_s, duration_s } = plain.episodes[index];
    const other = episodes.find((row) => Math.abs(row.start_s - start_s) < 1);
    const gained = duration_s! - other!.duration_s!;
    t.ok(gained > 3, `${setting}: ${duration_s}, ${other?.duration_s}`);
    const { halved, halvedBetween } = plain.paths[index];
    const said = halved[setting!];
    t.notOk(setting! in halvedBetween, `${setting} is determined`);
    const off = Math.abs(said - gained);
    t.ok(off <= Math.max(1, 0.2 * gained), `${setting}: ${said} s said, ${gained} s gained`);
  }
});

t.test('what is not determined is told from least to most, around its mean', async (t) => {
  const { paths, summary } = await run(scenario.replace('crash: coordinator', 'partition: halves'));
  const ranges = paths.flatMap(({ halved, halvedBetween }) =>
    Object.entries(halvedBetween).map(([setting, [least, most]]) =>
      ({ setting, least, most, said: halved[setting] })));
  t.ok(ranges.some(({ setting }) => setting.endsWith('heartbeatPeriod')), 'beats are drawn anew');
  for (const { setting, least, most, said } of ranges) {
    t.ok(least <= said && said <= most && least < most, `${setting}: ${least}, ${said}, ${most}`);
  }
  const beats = summary.recovery.criticalPath.filter(({ savesBetween }) => savesBetween !== null);
  t.ok(beats.length > 0);
  for (const { saves, savesBetween } of beats) {
    t.ok(savesBetween![0] <= saves! && saves! <= savesBetween![1]);
  }
});

t.test('the ways of episodes of shipped scenarios are as long as the episodes', async (t) => {
  for (const name of ['smoke.yaml']) {
    const { record } = await simulate(loadScenario(join('scenarios', name), {
      set: ['measure.samples=10', 'invariants=[]'],
    }));
    t.ok(record.episodes.length > 2, name);
    t.same(misfits(record), []);
    const of = (setting: string) =>
      record.summary.recovery.criticalPath.find((one) => one.setting === setting)!;
    t.equal(of('coordination.managers.answerTimeout').costs, 0, 'a timeout sends nothing');
    t.equal(of('coordination.managers.answerTimeout').saves, 15, 'half of thirty seconds');
    t.equal(of('coordination.managers.timeout').costs, 0, 'nor does this one');
    t.equal(of('coordination.election').saves, null, 'goes by several settings');
  }
});
