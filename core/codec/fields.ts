/** The parts that messages are made of: how each is put into bytes and taken out again. */
import type { Ballot, Peer, Token } from '../identity.js';
import type { Descriptor, ResourceState } from '../metamodel/entity.js';
import type { ActionOutcome } from '../messages.js';
import type { Verb } from '../process.js';
import type { Sink } from './sink.js';
import type { Source } from './source.js';

/** `put` and `take` stand side by side and name the parts in the same order. */
export interface Field<T> {
  /** Puts `value` at offset `at`, returns the offset after it. */
  readonly put: (sink: Sink, at: number, value: T) => number;
  readonly take: (source: Source) => T;
}

/** A number from -1 (none) up: addresses and row numbers. */
export const index: Field<number> = {
  put: (sink, at, value) => sink.uint(at, value + 1),
  take: (source) => source.uint() - 1,
};

export const flag: Field<boolean> = {
  put: (sink, at, value) => sink.byte(at, value ? 1 : 0),
  take: (source) => {
    const byte = source.byte();
    return byte > 1 ? source.fail('neither true nor false') : byte === 1;
  },
};

/** One of a few words; append only. */
function word<T extends string>(words: readonly T[]): Field<T> {
  return {
    put: (sink, at, value) => sink.word(at, words, value),
    take: (source) => words[source.byte()] ?? source.fail(`none of ${words.join(', ')}`),
  };
}

export const state = word<ResourceState>(['up', 'starting', 'stopped', 'down', 'stopping']);
export const verb = word<Verb>(['restart', 'start', 'stop']);

type Ending = Pick<ActionOutcome, 'outcome' | 'refusal'>;
/** With the reason where it is refused; append only. */
const endings: readonly Ending[] = [
  { outcome: 'succeeded' }, { outcome: 'failed' }, { outcome: 'refused' }, { outcome: 'unknown' },
  { outcome: 'refused', refusal: 'busy' }, { outcome: 'refused', refusal: 'moved-on' },
  { outcome: 'refused', refusal: 'no-sense' }, { outcome: 'refused', refusal: 'not-obeyed' },
];
export const ending: Field<Ending> = {
  put: (sink, at, { outcome, refusal }) => sink.byte(at, endings.findIndex((one) =>
    one.outcome === outcome && one.refusal === refusal)),
  take: (source) => endings[source.byte()] ?? source.fail('no way to end'),
};

export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    put: (sink, at, value) =>
      value === null ? sink.byte(at, 0) : field.put(sink, sink.byte(at, 1), value),
    take: (source) => (flag.take(source) ? field.take(source) : null),
  };
}

export function list<T>(field: Field<T>): Field<readonly T[]> {
  return {
    put: (sink, at, values) => {
      let next = sink.uint(at, values.length);
      for (const value of values) next = field.put(sink, next, value);
      return next;
    },
    take: (source) => {
      const values: T[] = [];
      for (let left = source.count(); left > 0; left -= 1) values.push(field.take(source));
      return values;
    },
  };
}

export const indices = list(index);

const peer: Field<Peer> = {
  put: (sink, at, value) => sink.node(index.put(sink, at, value.address), value.node),
  take: (source) => ({ address: index.take(source), node: source.node() }),
};
export const peers = list(peer);
export const peerOrNone = nullable(peer);

/** Values of sensors; null has a byte, as the empty list has. */
export const metrics: Field<readonly number[] | null> = {
  put: (sink, at, values) => {
    if (values === null) return sink.byte(at, 0);
    let next = sink.uint(at, values.length + 1);
    for (const value of values) next = sink.float(next, value);
    return next;
  },
  take: (source) => {
    const length = source.uint() - 1;
    if (length < 0) return null;
    const values: number[] = [];
    while (values.length < length) values.push(source.float());
    return values;
  },
};

export const ballot: Field<Ballot> = {
  put: (sink, at, value) => {
    let next = sink.uint(at, value.counter);
    next = sink.node(next, value.node);
    next = sink.uint(next, value.incarnation);
    return index.put(sink, next, value.address);
  },
  take: (source) => ({
    counter: source.uint(),
    node: source.node(),
    incarnation: source.uint(),
    address: index.take(source),
  }),
};

/** As `nullable(ballot)`, in so many words for the sake of speed: most messages have one. */
export const ballotOrNone: Field<Ballot | null> = {
  put: (sink, at, value) =>
    value === null ? sink.byte(at, 0) : ballot.put(sink, sink.byte(at, 1), value),
  take: (source) => (flag.take(source) ? ballot.take(source) : null),
};

export const token: Field<Token> = {
  put: (sink, at, value) => sink.uint(ballot.put(sink, at, value.ballot), value.sequence),
  take: (source) => ({ ballot: ballot.take(source), sequence: source.uint() }),
};
export const tokenOrNone = nullable(token);

const labels: Field<Readonly<Record<string, string>>> = {
  put: (sink, at, value) => {
    const keys = Object.keys(value);
    let next = sink.uint(at, keys.length);
    for (const key of keys) next = sink.text(sink.text(next, key), value[key]);
    return next;
  },
  take: (source) => {
    const entries: [string, string][] = [];
    for (let left = source.count(); left > 0; left -= 1) {
      entries.push([source.text(), source.text()]);
    }
    const value = Object.fromEntries(entries);
    // Two of a name, or an order that no object has, would not be encoded like this.
    if (Object.keys(value).some((key, position) => key !== entries[position][0])) {
      source.fail('labels out of order');
    }
    if (Object.keys(value).length !== entries.length) source.fail('a label twice');
    return value;
  },
};

export const descriptor: Field<Descriptor> = {
  put: (sink, at, value) => {
    let next = sink.text(at, value.name);
    next = sink.text(next, value.kind);
    next = sink.text(next, value.host);
    next = sink.text(next, value.zone);
    return labels.put(sink, next, value.labels);
  },
  take: (source) => ({
    name: source.text(),
    kind: source.text(),
    host: source.text(),
    zone: source.text(),
    labels: labels.take(source),
  }),
};
