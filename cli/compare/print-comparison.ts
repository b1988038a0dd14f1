/** What a comparison found, for people or as one document. */
import {
  effectText, verdictText, type Compared, type Comparison, type Judged, type Outcome, type Side,
} from '../../analysis/compare/index.js';
import { estimateText, warningsOf } from '../../analysis/estimate-words.js';
import { measureWords } from '../../analysis/measure-words.js';
import { share, some } from '../../analysis/words.js';
import type { Tuned } from '../../campaign/compare/tune.js';
import { answer } from '../answer.js';
import pc from '../colors.js';
import type { OutputArguments } from '../options.js';
import { plainTable, tableText, wrapped } from '../text.js';

export interface Found {
  readonly comparison: Comparison;
  readonly judged: readonly Judged[];
  readonly tuned: Tuned | null;
}

const MOST_ROWS = 60;

export function printComparison(found: Found, how: OutputArguments): void {
  answer(how, () => asJson(found), () => text(found));
}

function asJson({ comparison, judged, tuned }: Found): object {
  const { first, second, compared, left, unmeasured } = comparison;
  const side = ({ name, runs, crashed }: Side, without: number) =>
    ({ name, runs: runs.length, crashed, withoutPartner: without });
  return {
    first: side(first, left[0]),
    second: side(second, left[1]),
    tuned: tuned && {
      setting: tuned.setting, wanted: tuned.wanted, mean: tuned.mean, tries: tuned.tries,
    },
    verdict: verdictText(comparison),
    measures: compared,
    unmeasured,
    conditions: judged,
  };
}

function text({ comparison, judged, tuned }: Found): string {
  const { first, second, compared, left, unmeasured } = comparison;
  const turned = tuned === null ? [] : [
    `Made equal by ${pc.bold(tuned.setting)}, found with ${some(tuned.tries, 'setting')}.`,
  ];
  const lost = [first, second].flatMap(({ name, crashed }, index) => [
    ...(left[index] > 0
      ? [`${some(left[index], 'run')} of ${name} without a partner left out.`] : []),
    ...(crashed > 0 ? [`${some(crashed, 'run')} of ${name} crashed and left out.`] : []),
  ]);
  const none = unmeasured.map((measure) => measureWords(measure).title);
  return [
    ...[first, second].map(({ name, runs }, index) =>
      `${index === 0 ? 'A' : 'B'}  ${pc.bold(name)}, ${some(runs.length, 'run')}`),
    ...turned, ...lost,
    table(compared), '',
    ...verdictText(comparison).map(wrapped),
    ...(none.length > 0 ? [wrapped(`Not measured: ${none.join(', ')}.`)] : []),
    ...warningsOf(compared.flatMap(({ first: a, second: b }) => [a, b])).map(wrapped),
    ...judged.map(conditionText),
  ].join('\n');
}

const outcomes: Readonly<Record<Outcome, string>> = {
  more: 'more', less: 'less', unseen: 'not told apart', same: 'same', few: 'too few runs',
};

function table(compared: readonly Compared[]): string {
  const celled = compared.some(({ cell }) => cell !== '');
  const head = [...(celled ? ['cell'] : []), 'measure', 'A', 'B', 'B against A', 'p', ''];
  const rows = plainTable(head, head.length);
  for (const one of compared.slice(0, MOST_ROWS)) {
    const { told, title } = measureWords(one.measure);
    rows.push([
      ...(celled ? [one.cell] : []), title, estimateText(one.first, told),
      estimateText(one.second, told), effectText(one), probability(one.adjusted),
      outcomes[one.outcome],
    ]);
  }
  const how = compared.every(({ paired }) => paired) ? 'paired by seed'
    : compared.some(({ paired }) => paired) ? 'some paired by seed' : 'no seed in common: unpaired';
  const more = compared.length - MOST_ROWS;
  return [
    `Means, 95% intervals, ${how}; p of no difference, adjusted for ` +
      `${some(compared.length, 'comparison')} (Holm)`,
    tableText(rows), ...(more > 0 ? [`... and ${some(more, 'more row')}, with --json`] : []),
  ].join('\n');
}

function probability(p: number | null): string {
  if (p === null) return '-';
  return p < 0.001 ? '<0.001' : p.toFixed(3);
}

function conditionText({ condition, cell, change, held }: Judged): string {
  const where = cell === '' ? '' : ` at ${cell}`;
  const by = condition.trim().endsWith('%') && isFinite(change)
    ? `${change < 0 ? '−' : '+'}${share(Math.abs(change))}` : String(Number(change.toPrecision(4)));
  const told = `${held ? 'Failed' : 'Passed'}: ${condition}${where} (changed by ${by})`;
  return held ? pc.red(told) : told;
}
