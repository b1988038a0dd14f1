/** Numbers as people write them. Never the machine's locale: reports must not differ by it. */

const second = 1;
const minute = 60;
const hour = 3600;
const day = 86400;

/** `48.3 s`, `2 min 5 s`, `1 h 20 min`, `3 d 4 h`: two units at most. */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return seconds === 0 ? '0 s' : `${significant(seconds * 1000)} ms`;
  if (seconds < 120) return `${significant(seconds)} s`;
  if (seconds < 2 * hour) return pair(seconds, minute, 'min', second, 's');
  if (seconds < 2 * day) return pair(seconds, hour, 'h', minute, 'min');
  return pair(seconds, day, 'd', hour, 'h');
}

/** Less than nothing: it would take longer. */
export function signedDuration(seconds: number): string {
  return seconds < 0 ? `−${duration(-seconds)}` : duration(seconds);
}

/** `12 s`, `12 s (−3 s to 20 s)`; a dash for null. */
export function between(
  seconds: number | null, ends: readonly [least: number, most: number] | null,
): string {
  if (seconds === null) return '–';
  const told = ends === null ? '' : ` (${ends.map(signedDuration).join(' to ')})`;
  return `${signedDuration(seconds)}${told}`;
}

/** An instant of the run, to the second: `10 min`, `1 h 20 min 3 s`, `59 d 3 h`. */
export function instant(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    [Math.floor(whole / day), 'd'],
    [Math.floor((whole % day) / hour), 'h'],
    [Math.floor((whole % hour) / minute), 'min'],
    [whole % minute, 's'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return told.length === 0 ? `${significant(seconds)} s` : told.join(' ');
}

/** `1,234,567`. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1,234` or `0.0123`: three significant digits below a thousand. */
export function quantity(value: number): string {
  return Math.abs(value) >= 1000 ? count(value) : significant(value);
}

/** `99.95%`: as many digits as it takes to differ from 100%, five at most. */
export function share(value: number): string {
  const percent = value * 100;
  if (percent > 0 && percent < 0.1) return '<0.1%';
  if (percent >= 99.9 && percent < 100) {
    const digits = Math.min(5, Math.ceil(-Math.log10(100 - percent)));
    return `${Math.floor(percent * 10 ** digits + 1e-6) / 10 ** digits}%`;
  }
  return `${significant(percent)}%`;
}

/** `3.2 GB`, in powers of 1000. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(4, Math.max(0, Math.floor((String(Math.round(value)).length - 1) / 3)));
  return `${significant(value / 1000 ** step)} ${units[step]}`;
}

/** `one`, `a and b`, `a, b and c`; at most `most` of them, then how many more. */
export function list(items: readonly string[], most = 4): string {
  if (items.length > most) {
    return `${items.slice(0, most - 1).join(', ')} and ${items.length - most + 1} more`;
  }
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Names of nodes as a fault lists them: `manager-3, manager-4 and 9 more`, in brief. */
export function nodes(target: string): string {
  const [, listed = target, more] = /^(.*?)(?: and (\d+) more)?$/.exec(target) ?? [];
  const names = listed.split(', ');
  const number = names.length + Number(more ?? 0);
  if (number <= 2) return list(names);
  const all = (kind: string): boolean => names.every((name) => name.startsWith(`${kind}-`));
  return some(number, all('manager') ? 'manager' : all('host') ? 'host' : 'node');
}

/** `1 resource`, `2 resources`. */
export function some(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** Three significant digits, without trailing zeros. */
function significant(value: number): string {
  const digits = value === 0 ? 0 : 2 - Math.floor(Math.log10(Math.abs(value)));
  return String(Number(value.toFixed(Math.min(6, Math.max(0, digits)))));
}

function pair(
  seconds: number,
  large: number,
  largeUnit: string,
  small: number,
  smallUnit: string,
): string {
  const smalls = Math.round(seconds / small);
  const perLarge = large / small;
  const rest = smalls % perLarge;
  const whole = `${Math.floor(smalls / perLarge)} ${largeUnit}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smallUnit}`;
}
