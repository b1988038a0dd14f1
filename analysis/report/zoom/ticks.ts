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
  const values = isWide ? decades(low, high, most) : rounds(low, high, most);
  const step = isWide ? 0 : values.length > 1 ? values[1] - values[0] : high - low;
  const unit = spelled ? unitOf(axis) : '';
  return values.map((value) => ({
    share: shareAt(axis.scale, value), text: `${plain(value, step, percent)}${unit}`,
  }));
}

/** Where ticks are durations by name, positions are seconds. */
export function unitOf({ named }: Axis): string {
  return named.every(({ text }) => /^[\d.,]+\s?(us|ms|s|m|min|h|d|y)$/.test(text)) ? ' s' : '';
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
  const count = Math.ceil(Math.log10(high)) - first + 1;
  const all = Array.from({ length: count }, (_, index) => first + index);
  const every = Math.ceil(count / Math.max(1, most));
  const digits = count * 3 <= most ? [1, 2, 5] : [1];
  return all.filter((power) => power % every === 0)
    .flatMap((power) => digits.map((one) => Number(`${one}e${power}`)))
    .filter((value) => value >= low * 0.999 && value <= high * 1.001);
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
