/** What a comparison found, in words. */
import { measureWords } from '../measure-words.js';
import * as words from '../words.js';
import type { Interval } from '../statistics/interval.js';
import type { Compared, Comparison } from './compare.js';

/** From so many times on, a ratio says more than a difference. */
const MANY_TIMES = 2;
const MOST_TOLD = 6;

/** `14.3 s shorter (13.9 s to 14.7 s)`, `40 times as many (12 to 190)`. */
export function effectText(effect: Compared): string {
  const { difference, interval, ratio, ratioInterval, outcome, measure } = effect;
  if (outcome === 'same') return 'the same in all';
  const { unit, told } = measureWords(measure);
  if (interval === null && ratioInterval !== null && ratio !== null) {
    return `${times(ratio)} as many (${ends(ratioInterval, (value) => words.quantity(value))})`;
  }
  const [more, less] = unit === 's' ? ['longer', 'shorter'] : ['more', 'less'];
  const size = (value: number): string => {
    if (unit === '%') return `${words.quantity(value * 100)} points`;
    return unit === '' || unit === 's' ? told(value) : `${told(value)} ${unit}`;
  };
  const side = difference >= 0 ? more : less;
  const sign = difference >= 0 ? 1 : -1;
  const by = `${size(Math.abs(difference))} ${side}`;
  const factor = ratio !== null && ratio >= MANY_TIMES ? `, ${times(ratio)} as much` : '';
  if (interval === null) return `${by}${factor}`;
  const turned = sign > 0 ? interval : { lower: -interval.upper, upper: -interval.lower };
  const end = (value: number): string =>
    value < 0 ? `${size(-value)} ${sign > 0 ? less : more}` : size(value);
  const [low, high] = [end(turned.lower), end(turned.upper)];
  return `${by} (${low} to ${high})${factor}`;
}

function ends({ lower, upper }: Interval, told: (value: number) => string): string {
  return isFinite(upper) ? `${told(lower)} to ${told(upper)}` : `${told(lower)} or more`;
}

/** `40 times`, `0.2 times`. */
function times(ratio: number): string {
  return `${words.quantity(Number(ratio.toPrecision(2)))} times`;
}

/** Sentences: what differs, what does not as far as these runs can tell, and what is unsure. */
export function verdictText({ compared, second }: Comparison): string[] {
  const cells = new Set(compared.map(({ cell }) => cell)).size;
  const say = (one: Compared): string => {
    const { title } = measureWords(one.measure);
    return `${title}${cells > 1 ? ` at ${one.cell}` : ''} ${effectText(one)}`;
  };
  const differing = compared.filter(({ outcome }) => outcome === 'more' || outcome === 'less')
    .sort((a, b) => (a.adjusted ?? 0) - (b.adjusted ?? 0));
  const unseen = compared.filter(({ outcome }) => outcome === 'unseen' || outcome === 'same');
  const few = compared.filter(({ outcome }) => outcome === 'few');
  const lines: string[] = [];
  if (differing.length > 0) {
    const more = differing.length - MOST_TOLD;
    const shown = differing.slice(0, MOST_TOLD).map(say).join('; ');
    lines.push(`With ${second.name}: ${shown}${more > 0 ? `; and ${more} more` : ''}.`);
  }
  if (unseen.length > 0) {
    const names = [...new Set(unseen.map(({ measure }) => measureWords(measure).title))];
    lines.push(`No difference is seen in: ${words.list(names)}.`);
  }
  if (few.length > 0) {
    lines.push('One run of each tells nothing of chance: make a sweep of several replications.');
  }
  return lines;
}
