/** Fitted laws as text for people and for scenarios, and as plain data. */
import type { Candidate, Fit, Renewals } from '../analysis/index.js';
import { count, duration, share, some } from '../analysis/words.js';
import type { TraceFile } from '../experiment/traces/index.js';
import pc from './colors.js';
import { plainTable, tableText, wrapped } from './text.js';

/** Digits that an estimate deserves. */
const DIGITS = 4;

interface Fits {
  readonly lifetimes: Fit;
  readonly repairs: Fit;
  readonly implied: Renewals | null;
  readonly failures: number;
  readonly fragment: string;
  readonly files: readonly string[];
}

export function fitText(
  trace: TraceFile, { lifetimes, repairs, implied, failures, fragment, files }: Fits,
): string {
  const { nodes, rows, merged, neverUp } = trace;
  const never = neverUp === 0 ? '' : `; ${some(neverUp, 'node')} without any session left out`;
  const head = `${some(rows, 'row')} for ${some(nodes, 'node')}, ${count(merged)} merged${never}.`;
  const advice =
    fragment === ''
      ? 'Too few of either for a scenario.'
      : `${pc.dim('# what fits best, for a scenario')}\n${fragment}`;
  return [
    pc.bold(trace.path.slice(trace.path.lastIndexOf('/') + 1)),
    wrapped(head),
    '',
    ...section('Lifetimes', lifetimes),
    '',
    ...section('Repairs', repairs),
    '',
    ...impliedText(failures, implied),
    advice,
    ...files.map((file) => `Written  ${file}`),
  ].join('\n');
}

/** What the laws make of as many nodes in as long a time. */
function impliedText(recorded: number, implied: Renewals | null): string[] {
  if (implied === null) return [];
  const { mean, lower, upper } = implied;
  const text = `The trace has ${some(recorded, 'failure')}; as many nodes, new at its start, ` +
    `that fail and are repaired by these laws, have ${count(mean)} (${count(lower)} to ` +
    `${count(upper)}) in as long a time.`;
  return [wrapped(text), ''];
}

function section(title: string, fit: Fit): string[] {
  const { durations, total, censored, best } = fit;
  const drawn = durations.length < total ? `, ${count(durations.length)} of them drawn` : '';
  const open = `${count(censored)} still open when the watching ended`;
  const head = `${title}: ${count(total)}${drawn}, ${open}`;
  if (best === null) return [head, 'Fewer than two different ends were seen: nothing to fit.'];
  const table = plainTable(['law', 'parameters', 'AIC', 'BIC', 'distance', 'p'], 2);
  const [{ aic, bic }] = [...fit.candidates].sort((a, b) => a.aic - b.aic);
  for (const one of fit.candidates) {
    table.push([
      one.law.name,
      one.parameters.map(parameter).join(', '),
      one.aic === aic ? count(aic) : `+${more(one.aic - aic)}`,
      one.bic === bic ? count(bic) : `+${more(one.bic - bic)}`,
      one.distance.toFixed(3),
      one.goodness === null ? '-' : probability(one.goodness),
    ]);
  }
  return [head, tableText(table).trimStart(), ...verdict(title, fit, best)];
}

function verdict(title: string, fit: Fit, best: Candidate): string[] {
  const { rankedBy, lumped, byNodes, empirical } = fit;
  const by = rankedBy === 'aic' ? 'least AIC' : 'least distance';
  const lines = [`${title} fit ${pc.bold(best.law.name)} best (${by}).`];
  if (rankedBy === 'distance') {
    lines.push(
      `${share(lumped)} more are about the same than any of these laws would have it: they were ` +
        'recorded in steps, for which AIC, a measure of continuous time, is a poor guide.',
    );
  }
  if (best.goodness !== null && best.goodness.p < 0.05) {
    lines.push(
      `Yet it is not the law itself: of its own samples of ${count(best.goodness.tested)}, only ` +
        `${probability(best.goodness)} are so far from their fit.`,
    );
  }
  if (empirical !== null) {
    const unseen = empirical.unseen === 0 ? ''
      : `; ${share(empirical.unseen)} had not ended with the watching, and count as the longest`;
    lines.push(`None of the laws fits: the scenario draws from the data's own quantiles${unseen}.`);
  }
  if (byNodes) lines.push('Intervals know that what happens to one node goes together.');
  return lines.map(wrapped);
}

function more(difference: number): string {
  return difference < 100 ? difference.toFixed(1) : count(difference);
}

/** A bootstrap cannot say that it is less than one in all its samples. */
function probability({ p, rounds }: NonNullable<Candidate['goodness']>): string {
  const percent = (value: number): string => `${Number((value * 100).toPrecision(2))}%`;
  return p * rounds < 1 ? `<${percent(1 / rounds)}` : percent(p);
}

function parameter({ name, unit, value, lower, upper }: Candidate['parameters'][number]): string {
  const told = (number: number): string =>
    unit === 's' ? duration(number) : String(Number(number.toPrecision(3)));
  return `${name} ${told(value)} (${told(lower)} to ${told(upper)})`;
}

/** Empty if lifetimes or repairs have no law. */
export function fragmentOf(life: Fit, repair: Fit): string {
  if (life.best === null || repair.best === null) return '';
  return [
    'faults:',
    `  - random: { lifetime: ${chosenOf(life, life.best)} }`,
    '    crash: { each: hosts }',
    `    repairAfter: ${chosenOf(repair, repair.best)}`,
    '',
  ].join('\n');
}

/** As a scenario writes it. */
function chosenOf({ empirical }: Fit, best: Candidate): string {
  if (empirical === null) return lawOf(best);
  return `{ empirical: [${empirical.distribution.quantiles.map(seconds).join(', ')}] }`;
}

function lawOf({ law: { name }, parameters }: Candidate): string {
  const written = parameters.map((one) =>
    one.unit === 's' ? seconds(one.value) : String(round(one.value)),
  );
  if (name === 'exponential') return `{ exponential: ${written[0]} }`;
  const named = parameters.map((one, place) => `${one.name}: ${written[place]}`);
  return `{ ${name}: { ${named.join(', ')} } }`;
}

const units = [
  [86_400, 'd'], [3600, 'h'], [60, 'm'], [1, 's'],
] as const;

function seconds(value: number): string {
  const [size, unit] = units.find(([size]) => value >= size) ?? [1, 's'];
  return `${round(value / size)}${unit}`;
}

function round(value: number): number {
  return Number(value.toPrecision(DIGITS));
}

/** What `fit.json` holds. */
export function plainFit(fit: Fit): object {
  const { total, durations, censored, lumped, rankedBy, best, candidates } = fit;
  const { byNodes, empirical } = fit;
  return {
    total,
    used: durations.length,
    censored,
    lumped,
    rankedBy,
    best: best?.law.name ?? null,
    intervals: byNodes ? 'byNodes' : 'independent',
    empirical: empirical && {
      quantiles: empirical.distribution.quantiles, unseen: empirical.unseen,
    },
    laws: candidates.map(({ law, parameters, logLikelihood, aic, bic, distance, goodness }) => ({
      law: law.name, parameters, logLikelihood, aic, bic, distance, goodness,
    })),
  };
}
