/** Ticks of what is shown of an axis. Runs in the browser. */
import type { Axis, AxisScale, Window } from './picture.js';

export function valueAt({ type, low, high }: AxisScale, share: number): number {
  return type === 'log' ? low * (high / low) ** share : low + (high - low) * share;
}

export function shareAt({ type, low, high }: AxisScale, value: number): number {
  return type === 'log' ? Math.log(value / low) / Math.log(high / low)
    : (value - low) / (high - low);
}

/** Ticks within a window: those that it had where they suffice, else round values. */
export function ticksIn(axis: Axis, [from, to]: Window, most: number): Axis['named'] {
  const inside = axis.named.filter(({ share }) => share >= from - 1e-9 && share <= to + 1e-9);
  const spelled = axis.named.some(({ text }) => /[a-z]/i.test(text));
  if (inside.length >= 2 && spelled) return inside;
  const [low, high] = [valueAt(axis.scale, from), valueAt(axis.scale, to)];
  const percent = axis.named.length > 0 && axis.named.every(({ text }) => text.endsWith('%'));
  const isWide = axis.scale.type === 'log' && high / low > 12;
  const [unit, name] = unitOf(axis, high);
  const values = isWide ? decades(low / unit, high / unit, most)
    : rounds(low / unit, high / unit, most);
  const step = isWide ? 0 : values.length > 1 ? values[1] - values[0] : high - low;
  const ticks = values.map((value) => ({
    share: shareAt(axis.scale, value * unit), text: `${plain(value, step, percent)}${name}`,
  }));
  // Across, there is room for nine digits each.
  const longest = Math.max(...ticks.map(({ text }) => text.length));
  const every = axis.across ? Math.ceil(longest / 9) : 1;
  return ticks.filter((_, index) => index % every === 0);
}

/** Where ticks are durations by name, positions are seconds. */
export function unitOf({ named }: Axis, most: number): [seconds: number, name: string] {
  const isTime = named.length > 0 && named.every(({ text }) =>
    /^[\d.,]+\s?(us|ms|s|m|min|h|d|y)$/.test(text));
  if (!isTime) return [1, ''];
  return most >= 172_800 ? [86_400, ' d'] : most >= 7200 ? [3600, ' h']
    : most >= 120 ? [60, ' min'] : [1, ' s'];
}

export function rounds(low: number, high: number, most: number): number[] {
  const least = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= least * 0.999)!;
  const first = Math.ceil(low / step - 1e-6);
  const count = Math.floor(high / step + 1e-6) - first + 1;
  return Array.from({ length: count }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)));
}

export function decades(low: number, high: number, most: number): number[] {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from(
    { length: Math.ceil(Math.log10(high)) - first + 1 }, (_, index) => first + index);
  const of = (digits: readonly number[]): number[] => powers
    .flatMap((power) => digits.map((one) => Number(`${one}e${power}`)))
    .filter((value) => value >= low * 0.999 && value <= high * 1.001);
  const tens = of([1]);
  if (tens.length < 3) return of([1, 2, 5]);
  const every = Math.ceil(tens.length / Math.max(1, most));
  return tens.filter((_, index) => index % every === 0);
}

/** @param step - to the next tick; 0: told by its own size */
export function plain(value: number, step: number, percent: boolean): string {
  const [shown, apart] = percent ? [value * 100, step * 100] : [value, step];
  const size = apart === 0 ? Math.abs(shown) : apart;
  const digits = size === 0 ? 0 : Math.max(0, -Math.floor(Math.log10(size) + 1e-9));
  const text = shown.toFixed(Math.min(12, digits)).replace('-', '−');
  const [whole, part] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${grouped}${part === undefined ? '' : `.${part}`}${percent ? '%' : ''}`;
}
