/** Where in a YAML text each value stands. */
import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import { refusalOf } from '../refusal.js';
import { ScenarioError, type Complaint, type Place, type ScenarioPath } from './error.js';
import { refuseMistaken } from './mistaken.js';
import type { Override } from './overrides.js';

/** Why a file cannot be read, in words. */
export function reason(error: unknown): string {
  return refusalOf(error).problem;
}

/** Keys that begin with `x-` are the user's own. */
function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('x-'))
      .map(([key, inner]) => [key, withoutExtensions(inner)]),
  );
}

const tooDeep: Complaint = { problem: 'this YAML nests too deeply', remedy: 'write it flatter' };

function explainYaml({ code, message, pos }: YAMLError, text: string): Complaint {
  if (code === 'MULTIPLE_DOCS') {
    const problem = 'a second document begins here, and one is taken';
    return { problem, remedy: 'put it into a file of its own' };
  }
  if (code === 'DUPLICATE_KEY') {
    const [key] = /^[^\s:]*/.exec(text.slice(pos[0])) ?? [''];
    return { problem: `the key ${key} stands here a second time`, remedy: 'remove one of the two' };
  }
  if (message.includes('call stack')) return tooDeep;
  const problem = `not valid YAML: ${message.replace(/\.$/, '')}`;
  return { problem, remedy: 'correct it, and quote texts that hold ": " or begin with a sign' };
}

/** A parsed YAML text that knows where each value stands. */
export class Source {
  /** Without the keys that are the user's own. */
  readonly value: unknown;
  readonly file: string;
  private readonly lines: LineCounter;
  private readonly document: Document.Parsed;
  /** Where in the document `value` is. */
  private readonly root: ScenarioPath;

  private constructor(
    file: string,
    value: unknown,
    lines: LineCounter,
    document: Document.Parsed,
    root: ScenarioPath,
  ) {
    this.file = file;
    this.value = value;
    this.lines = lines;
    this.document = document;
    this.root = root;
  }

  /** @throws ScenarioError if the text is not YAML, or holds no mapping */
  static scenario(text: string, file: string): Source {
    const source = Source.parse(text, file, 'a scenario', 'sim init writes a starter');
    refuseMistaken(source, 'scenario');
    return source;
  }

  /** @throws ScenarioError, which says that the text is not `what`, and adds a `hint` */
  static parse(text: string, file: string, what: string, hint: string): Source {
    const lines = new LineCounter();
    const fail = (offset: number, problem: string, remedy: string): never => {
      const complaint = { problem, remedy };
      throw new ScenarioError(placeIn(file, lines, offset), complaint);
    };
    let document: Document.Parsed;
    let value: unknown;
    try {
      document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
      const [error] = [...document.errors, ...document.warnings];
      if (error) {
        const { problem, remedy } = explainYaml(error, text);
        fail(error.pos[0], problem, remedy);
      }
      value = withoutExtensions(document.toJS());
    } catch (cause) {
      if (cause instanceof ScenarioError) throw cause;
      if (cause instanceof RangeError) fail(0, tooDeep.problem, tooDeep.remedy);
      const problem = cause instanceof Error ? cause.message : String(cause);
      return fail(0, problem, 'correct the YAML');
    }
    if (document.contents === null) fail(0, `there is nothing in this file`, hint);
    if (!isMap(document.contents)) fail(0, `this is not ${what}`, `write keys and values; ${hint}`);
    return new Source(file, value, lines, document, []);
  }

  /** The part of it at a path, which must be there. */
  within(path: ScenarioPath): Source {
    const root = [...this.root, ...path];
    const value = path.reduce<unknown>(
      (outer, step) => (outer as Record<string | number, unknown>)[step],
      this.value,
    );
    return new Source(this.file, value, this.lines, this.document, root);
  }

  /** Where the value (or the key) at a path stands: in the text, or on the command line. */
  place(path: ScenarioPath, atKey: boolean, overrides: readonly Override[] = []): Place {
    const { offset, depth } = this.find(path, atKey);
    const said = [...overrides].reverse().find(
      (override) =>
        isPrefix(override.path, path) || (depth < path.length && isPrefix(path, override.path)),
    );
    if (said === undefined) return placeIn(this.file, this.lines, offset);
    const key = atKey && path.length <= said.path.length ? said.pathPlace : undefined;
    return key ?? said.place ?? { file: said.option, line: 0, column: 0 };
  }

  /** The innermost node on the way to `path`, and how far along the way it is. */
  private find(path: ScenarioPath, atKey: boolean): { offset: number; depth: number } {
    let node: Node | null = this.document.contents;
    let found = { offset: start(node), depth: 0 };
    const above = this.root.length;
    for (const [index, step] of [...this.root, ...path].entries()) {
      if (isAlias(node)) node = node.resolve(this.document) ?? null;
      if (!isCollection(node)) break;
      const pair = isMap(node)
        ? node.items.find(({ key }) => (isNode(key) ? String(key) : key) === String(step))
        : undefined;
      const next: unknown = isMap(node) ? pair?.value : node.get(step, true);
      if (pair === undefined && !isNode(next)) break;
      const last = index === above + path.length - 1;
      const from = (last && atKey) || !isNode(next) ? pair?.key : next;
      found = { offset: start(from), depth: index + 1 - above };
      node = isNode(next) ? next : null;
    }
    return found;
  }
}

function placeIn(file: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
}

function start(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function isPrefix(prefix: ScenarioPath, path: ScenarioPath): boolean {
  return prefix.every((step, index) => String(step) === String(path[index]));
}
