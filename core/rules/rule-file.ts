import {
  isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair,
  type Scalar,
} from 'yaml';
import { RuleError, type Place } from './error.js';
import { scalarOffsets } from './scalar-offsets.js';
import { suggestion } from '../suggestion.js';

/** One key of a mapping with its value. */
export interface Entry {
  readonly key: string;
  readonly keyNode: Node;
  readonly node: Node;
}

/** A mapping whose keys have been checked. */
export interface Mapping {
  readonly node: Node;
  readonly entries: ReadonlyMap<string, Entry>;
}

const durationUnits = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6, d: 86400e6 } as const;

/** Reads the YAML of a rule file strictly: whatever is not understood is an error at its place. */
export class RuleFile {
  readonly #file: string;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  /** @throws RuleError if the text is not YAML. */
  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines, intAsBigInt: true, prettyErrors: false,
    });
    const [defect] = [...this.#document.errors, ...this.#document.warnings];
    if (defect === undefined) return;
    const { problem, remedy } = explainYaml(defect.code, defect.message);
    this.failAt(defect.pos[0], problem, remedy);
  }

  get root(): Node {
    const { contents } = this.#document;
    return contents ?? this.failAt(0, 'the file is empty', 'write rules: and a list');
  }

  fail(node: Node, problem: string, remedy: string): never {
    return this.failAt(node.range?.[0] ?? 0, problem, remedy);
  }

  /** Fails at the character `index` of the value of `scalar`. */
  failInside(scalar: Scalar, index: number, problem: string, remedy: string): never {
    const offsets = scalarOffsets(scalar, this.#text);
    return this.failAt(offsets[Math.min(index, offsets.length - 1)], problem, remedy);
  }

  failAt(offset: number, problem: string, remedy: string): never {
    throw new RuleError(this.#placeAt(offset), problem, remedy);
  }

  /** Where the node begins; of a scalar, its value. */
  place(node: Node): Place {
    const offset = isScalar(node) ? scalarOffsets(node, this.#text)[0] : node.range?.[0];
    return this.#placeAt(offset ?? 0);
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    const source = (this.#text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
    return { file: this.#file, line, column: col, source };
  }

  /** `file:line` of the node. */
  describePlace(node: Node): string {
    return `${this.#file}:${this.#lines.linePos(node.range?.[0] ?? 0).line}`;
  }

  /** `known`: its keys, or null if any will do; those beginning with `x-` are left out. */
  mapping(node: Node, what: string, known: readonly string[] | null): Mapping {
    const map = this.#resolve(node);
    if (!isMap(map)) return this.fail(node, `${what} is ${describe(map)}`, 'write keys and values');
    const entries = new Map<string, Entry>();
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const key = String(isScalar(pair.key) ? pair.key.value : pair.key);
      if (key.startsWith('x-')) continue;
      if (known !== null && !known.includes(key)) {
        this.fail(pair.key, `unknown key ${key} in ${what}`, suggestion(key, known));
      }
      if (pair.value === null || (isScalar(pair.value) && pair.value.value === null)) {
        this.fail(pair.key, `${key} has no value`, 'write one after the colon, or remove the key');
      }
      entries.set(key, { key, keyNode: pair.key, node: this.#resolve(pair.value) });
    }
    return { node, entries };
  }

  required(mapping: Mapping, key: string, what: string): Node {
    const entry = mapping.entries.get(key);
    return entry?.node ?? this.fail(mapping.node, `${what} has no ${key}`, `add the key ${key}:`);
  }

  list(node: Node, what: string): Node[] {
    if (!isSeq(node)) {
      const remedy = 'write a list, each item after a dash';
      return this.fail(node, `${what} is ${describe(node)}`, remedy);
    }
    return (node.items as Node[]).map((item) => this.#resolve(item));
  }

  string(node: Node, what: string): string {
    if (isScalar(node) && typeof node.value === 'string' && node.value !== '') return node.value;
    return this.fail(node, `${what} is ${describe(node)}`, 'write a text');
  }

  /** A scalar whose text is an expression; `true` and `3` are expressions too. */
  expression(node: Node, what: string): { scalar: Scalar; text: string } {
    if (!isScalar(node)) {
      return this.fail(node, `${what} is ${describe(node)}`, 'write an expression');
    }
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    return { scalar: node, text };
  }

  oneOf<Name extends string>(node: Node, what: string, names: readonly Name[]): Name {
    const word = this.string(node, what);
    const name = names.find((candidate) => candidate === word);
    return name ?? this.fail(node, `unknown ${what} ${word}`, suggestion(word, names));
  }

  /** In whole microseconds, above 0. */
  durationUs(node: Node, what: string): number {
    const remedy = 'write a number with a unit (us, ms, s, m, h, d), for example 30s';
    const text = isScalar(node) ? String(node.source ?? node.value) : '';
    const [, number, unit] = /^(\d+(?:\.\d+)?) ?(us|ms|s|m|h|d)$/.exec(text) ?? [];
    const us = Math.round(Number(number) * durationUnits[unit as keyof typeof durationUnits]);
    if (us > 0 && Number.isSafeInteger(us)) return us;
    return this.fail(node, `${what} is ${describe(node)}`, remedy);
  }

  number(node: Node, what: string, least: number): number {
    const value = isScalar(node) ? node.value : undefined;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number === 'number' && number >= least && number < Infinity) return number;
    return this.fail(node, `${what} is ${describe(node)}`, `write a number of at least ${least}`);
  }

  wholeNumber(node: Node, what: string, least: number): number {
    const number = this.number(node, what, least);
    if (Number.isSafeInteger(number)) return number;
    return this.fail(node, `${what} is ${describe(node)}`, 'write a whole number');
  }

  #resolve(node: Node): Node {
    if (!isAlias(node)) return node;
    return node.resolve(this.#document) ?? this.fail(node, 'unknown alias', 'name an anchor');
  }
}

function describe(node: Node): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node)) return 'an alias';
  if (node.value === '') return 'empty';
  return typeof node.value === 'string' ? `the text ${node.value}` : String(node.value);
}

function explainYaml(code: string, message: string): { problem: string; remedy: string } {
  if (code === 'DUPLICATE_KEY') {
    return { problem: 'the same key stands here twice', remedy: 'remove one of the two' };
  }
  if (code === 'MULTIPLE_DOCS') {
    const problem = 'a second document begins here, and one is taken';
    return { problem, remedy: 'put it into a file of its own' };
  }
  if (code === 'TAG_RESOLVE_FAILED') {
    const problem = 'a value that begins with ! is a tag in YAML';
    return { problem, remedy: 'put the whole value in single quotes' };
  }
  if (message.includes('call stack')) {
    return { problem: 'this YAML nests too deeply', remedy: 'write it flatter' };
  }
  const remedy = 'check the indentation, and quote values that contain ": " or begin with a quote';
  return { problem: `not valid YAML: ${message.replace(/\.$/, '')}`, remedy };
}
