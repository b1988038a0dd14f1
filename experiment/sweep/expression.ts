/** Small arithmetic on quantities: `10 * system.managers`, `max(3 * period, 5s)`. */
import { formatRate, quantityOf } from '../language/units.js';

export interface Quantity {
  readonly value: number;
  readonly unit: 's' | 'bit/s' | '1';
}

/** What is wrong with an expression. */
export class ExpressionError extends Error {
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(problem);
    this.remedy = remedy;
  }
}

const number =
  /\d+(?:\.\d+)?(?:e[+-]?\d+)?(?: ?(?:[GMk]?bit\/s|%|(?:us|ms|[smhdy])(?![A-Za-z])))?/y;
const name = /[A-Za-z_]\w*(?:\[\d+\]|\.\w+)*/y;

const functions: Readonly<Record<string, (...values: number[]) => number>> = {
  min: Math.min, max: Math.max, round: Math.round, floor: Math.floor, ceil: Math.ceil,
};

/** @param lookUp - undefined: there is nothing of that name */
export function evaluate(text: string, lookUp: (name: string) => unknown): Quantity {
  return new Reader(text, lookUp).whole();
}

/** As scenarios write it: a number, or a text with a unit. */
export function written({ value, unit }: Quantity): number | string {
  const rounded = Number(value.toPrecision(12));
  if (unit === '1') return rounded;
  return unit === 's' ? `${rounded}s` : formatRate(rounded);
}

class Reader {
  private at = 0;
  private readonly text: string;
  private readonly lookUp: (name: string) => unknown;

  constructor(text: string, lookUp: (name: string) => unknown) {
    this.text = text;
    this.lookUp = lookUp;
  }

  whole(): Quantity {
    const result = this.sum();
    if (this.symbol() !== '') this.fail(`${this.symbol()} is not expected`);
    if (Number.isFinite(result.value)) return result;
    throw new ExpressionError('the result is no number', 'avoid dividing by zero');
  }

  private sum(): Quantity {
    let left = this.product();
    for (let sign = this.symbol(); sign === '+' || sign === '-'; sign = this.symbol()) {
      this.at += 1;
      const right = this.product();
      const unit = this.common([left, right]);
      left = { value: sign === '+' ? left.value + right.value : left.value - right.value, unit };
    }
    return left;
  }

  private product(): Quantity {
    let left = this.factor();
    for (let sign = this.symbol(); sign === '*' || sign === '/'; sign = this.symbol()) {
      this.at += 1;
      const right = this.factor();
      left = sign === '*' ? times(left, right) : over(left, right);
    }
    return left;
  }

  private factor(): Quantity {
    const symbol = this.symbol();
    if (symbol === '-') {
      this.at += 1;
      const { value, unit } = this.factor();
      return { value: -value, unit };
    }
    if (symbol === '(') {
      const [inner] = this.list();
      return inner;
    }
    const literal = this.match(number);
    if (literal !== undefined) return this.quantity(literal, literal);
    const word = this.match(name);
    if (word === undefined) return this.fail(symbol === '' ? 'it ends early' : `${symbol} is odd`);
    if (this.symbol() === '(') return this.call(word);
    const value = this.lookUp(word);
    if (value === undefined) {
      const remedy = 'name an axis, or a setting that the base writes out';
      throw new ExpressionError(`${word} has no value`, remedy);
    }
    return this.quantity(word, value);
  }

  private call(word: string): Quantity {
    if (!Object.hasOwn(functions, word)) {
      const known = Object.keys(functions).join(', ');
      throw new ExpressionError(`there is no function ${word}`, `known: ${known}`);
    }
    const values = this.list();
    const unit = this.common(values);
    return { value: functions[word](...values.map(({ value }) => value)), unit };
  }

  /** In brackets. */
  private list(): Quantity[] {
    const values: Quantity[] = [];
    do {
      this.at += 1;
      values.push(this.sum());
    } while (this.symbol() === ',');
    if (this.symbol() !== ')') this.fail(') is missing');
    this.at += 1;
    return values;
  }

  private quantity(said: string, value: unknown): Quantity {
    const quantity = typeof value === 'string' || typeof value === 'number'
      ? quantityOf(String(value)) : undefined;
    if (quantity !== undefined) return quantity;
    throw new ExpressionError(`${said} is no quantity`, 'use numbers, shares, durations and rates');
  }

  private common(values: readonly Quantity[]): Quantity['unit'] {
    const [{ unit }] = values;
    if (values.every((value) => value.unit === unit)) return unit;
    const units = values.map((value) => value.unit === '1' ? 'a plain number' : value.unit);
    throw new ExpressionError(`${units.join(' and ')} do not go together`, 'use one unit');
  }

  /** The next character that is no blank. */
  private symbol(): string {
    while (this.text[this.at] === ' ') this.at += 1;
    return this.text[this.at] ?? '';
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  private fail(problem: string): never {
    const remedy = 'write names, quantities, + - * / ( ), min, max, round, floor and ceil';
    throw new ExpressionError(`${JSON.stringify(this.text)}: ${problem}`, remedy);
  }
}

function times(a: Quantity, b: Quantity): Quantity {
  if (a.unit !== '1' && b.unit !== '1') {
    throw new ExpressionError(`${a.unit} times ${b.unit} is no setting`, 'divide one by a unit');
  }
  return { value: a.value * b.value, unit: a.unit === '1' ? b.unit : a.unit };
}

function over(a: Quantity, b: Quantity): Quantity {
  if (b.unit === '1') return { value: a.value / b.value, unit: a.unit };
  if (a.unit === b.unit) return { value: a.value / b.value, unit: '1' };
  const remedy = 'divide by a number, or by the like';
  throw new ExpressionError(`a quantity over ${b.unit} is no setting`, remedy);
}
