/**
 * What a message is, written once. From its definition follow the TypeScript type, the size, the
 * bytes and how they are read and refused; tests draw messages from it. The plain loop over the
 * fields here serves every message, a guest's too; the sizes of what comes along, which are asked
 * for at each sending, are generated from the same definitions: sizes.ts.
 */
import type { Reader } from './reader.js';
import { labelsSize, textSize, uintSize, valuesSize } from './size.js';
import type { Writer } from './writer.js';

/** What goes from one process to another; what more there is in it, its definition says. */
export interface Message {
  readonly type: string;
}

/** A part of a message: how it is put into bytes and taken out again. */
export interface Field<T> {
  readonly shape: Shape;
  size(value: T): number;
  /** @throws RangeError for what the part cannot hold */
  put(writer: Writer, value: T): void;
  /** Takes each value in its one proper form only. */
  take(reader: Reader): T;
}

/** The same as data, for generators of code and of values. */
export type Shape =
  | { readonly kind: 'uint' | 'index' | 'flag' | 'id' | 'text' | 'labels' | 'values' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'nullable' | 'list'; readonly of: Shape }
  | { readonly kind: 'record'; readonly name: string; readonly fields: Fields };

/** By name, in the order in which they go over the wire. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a field holds, or a message is. */
export type Of<F> = F extends { take(reader: Reader): infer T } ? T : never;

type Record_<F extends Fields> = { readonly [Name in keyof F]: Of<F[Name]> };

/** An integer from 0 to 2^53 - 1. */
export const uint: Field<number> = {
  shape: { kind: 'uint' },
  size: uintSize,
  put: (writer, value) => writer.uint(value),
  take: (reader) => reader.uint(),
};

/** A number from -1 (none) up: addresses and row numbers. */
export const index: Field<number> = {
  shape: { kind: 'index' },
  size: (value) => uintSize(value + 1),
  put: (writer, value) => writer.uint(value + 1),
  take: (reader) => reader.uint() - 1,
};

export const flag: Field<boolean> = {
  shape: { kind: 'flag' },
  size: () => 1,
  put: (writer, value) => writer.byte(value ? 1 : 0),
  take: (reader) => {
    const byte = reader.byte();
    return byte > 1 ? reader.fail('neither true nor false') : byte === 1;
  },
};

/** 128 bits, as 32 lower-case hexadecimal digits. */
export const id: Field<string> = {
  shape: { kind: 'id' },
  size: () => 16,
  put: (writer, value) => writer.id(value),
  take: (reader) => reader.id(),
};

export const text: Field<string> = {
  shape: { kind: 'text' },
  size: textSize,
  put: (writer, value) => writer.text(value),
  take: (reader) => reader.text(),
};

/** One of a few words; append only. */
export function word<const W extends readonly string[]>(words: W): Field<W[number]> {
  return {
    shape: { kind: 'word', words },
    size: () => 1,
    put: (writer, value) => {
      const place = words.indexOf(value);
      if (place < 0) throw new RangeError(`${value} is none of ${words.join(', ')}`);
      writer.byte(place);
    },
    take: (reader) => words[reader.byte()] ?? reader.fail(`none of ${words.join(', ')}`),
  };
}

export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    shape: { kind: 'nullable', of: field.shape },
    size: (value) => (value === null ? 1 : 1 + field.size(value)),
    put: (writer, value) => {
      writer.byte(value === null ? 0 : 1);
      if (value !== null) field.put(writer, value);
    },
    take: (reader) => (flag.take(reader) ? field.take(reader) : null),
  };
}

export function list<T>(field: Field<T>): Field<readonly T[]> {
  return {
    shape: { kind: 'list', of: field.shape },
    size: (values) => values.reduce((size, value) => size + field.size(value),
      uintSize(values.length)),
    put: (writer, values) => {
      writer.uint(values.length);
      for (const value of values) field.put(writer, value);
    },
    take: (reader) => {
      const values: T[] = [];
      for (let left = reader.count(); left > 0; left -= 1) values.push(field.take(reader));
      return values;
    },
  };
}

/** Values of sensors; null has a byte, as the empty list has. */
export const values: Field<readonly number[] | null> = {
  shape: { kind: 'values' },
  size: valuesSize,
  put: (writer, numbers) => {
    writer.uint(numbers === null ? 0 : numbers.length + 1);
    for (const number of numbers ?? []) writer.float(number);
  },
  take: (reader) => {
    const length = reader.uint() - 1;
    if (length < 0) return null;
    const numbers: number[] = [];
    while (numbers.length < length) numbers.push(reader.float());
    return numbers;
  },
};

/** Texts by name, in the order of an object's keys. */
export const labels: Field<Readonly<Record<string, string>>> = {
  shape: { kind: 'labels' },
  size: labelsSize,
  put: (writer, value) => {
    const keys = Object.keys(value);
    writer.uint(keys.length);
    for (const key of keys) {
      writer.text(key);
      writer.text(value[key]);
    }
  },
  take: (reader) => {
    const entries: [string, string][] = [];
    for (let left = reader.count(); left > 0; left -= 1) {
      entries.push([reader.text(), reader.text()]);
    }
    const value = Object.fromEntries(entries);
    // Two of a name, or an order that no object has, would not be encoded like this.
    if (Object.keys(value).some((key, position) => key !== entries[position][0])) {
      reader.fail('labels out of order');
    }
    if (Object.keys(value).length !== entries.length) reader.fail('a label twice');
    return value;
  },
};

/** Several fields, one after the other. Its name stands in generated code. */
export function record<const F extends Fields>(name: string, fields: F): Field<Record_<F>> {
  const parts = Object.entries(fields);
  return {
    shape: { kind: 'record', name, fields },
    size: (value) => parts.reduce((size, [key, field]) => size + field.size(value[key]), 0),
    put: (writer, value) => {
      for (const [key, field] of parts) field.put(writer, value[key]);
    },
    take: (reader) => takeParts(parts, reader, {}) as Record_<F>,
  };
}

type Parts = readonly (readonly [name: string, field: Field<unknown>])[];

function takeParts(parts: Parts, reader: Reader, value: Record<string, unknown>): unknown {
  for (const [name, field] of parts) value[name] = field.take(reader);
  return value;
}

/**
 * How often a healthy system sends what it sends by the clock: once a heartbeat of each resource;
 * once a heartbeat of each manager, to the coordinator or to each standby; once a heartbeat of the
 * overlay, or a probe of it, of each manager.
 */
export type Rhythm = 'resource' | 'report' | 'copy' | 'beat' | 'probe';

/** What a definition says of a message beside its fields. */
export interface Traits {
  /**
   * Its number on the wire, for those that come along: each has its own, from 0 without gaps, and
   * keeps it. A guest's messages have none, and go by their names.
   */
  readonly code?: number;
  /** A healthy system sends it by the clock, true: as probes; all others are the cost of change. */
  readonly periodic?: Rhythm | boolean;
  /** It keeps the overlay, and carries nothing. */
  readonly maintenance?: boolean;
  /** Envelopes in which it goes unnamed: what they carry if they do not say. */
  readonly unnamedIn?: readonly string[];
}

/** A definition that cannot be, or cannot stand beside another one. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

/** A message, defined. */
export interface Definition<M extends Message = Message> {
  readonly type: M['type'];
  readonly traits: Traits;
  /** All but what an envelope carries. */
  readonly fields: Field<unknown>;
  /** Whether any other message goes in it, which is no envelope itself. */
  readonly isEnvelope: boolean;
  /** For the type alone: what {@link Of} reads. */
  take(reader: Reader): M;
}

/** @throws DefinitionError if a field is called `type` */
export function message<const T extends string, const F extends Fields>(
  type: T, traits: Traits, fields: F,
): Definition<{ readonly type: T } & Record_<F>> {
  return define(type, traits, fields, false);
}

/**
 * A message that carries another one, as its `payload`, and need not know which.
 *
 * @throws DefinitionError if a field is called `type` or `payload`
 */
export function envelope<const T extends string, const F extends Fields>(
  type: T, traits: Traits, fields: F,
): Definition<{ readonly type: T } & Record_<F> & { readonly payload: Message }> {
  return define(type, traits, fields, true);
}

function define<M extends Message>(
  type: string, traits: Traits, fields: Fields, isEnvelope: boolean,
): Definition<M> {
  for (const taken of ['type', ...(isEnvelope ? ['payload'] : [])]) {
    if (taken in fields) throw new DefinitionError(`${type} has a ${taken} already: rename yours`);
  }
  const parts = Object.entries(fields);
  return {
    type, traits, isEnvelope, fields: record(type, fields),
    take: (reader) => takeParts(parts, reader, { type }) as M,
  };
}
