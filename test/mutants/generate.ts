/** Mutants of core's sources: the same for the same sources and seed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { operators, type Edit } from './operators/index.js';

/** Of core: what is run while a system is managed, by exploration and by tests. */
export const folders = [
  'coordination', 'election', 'metamodel', 'detection', 'overlay', 'rules',
] as const;

export interface Mutant {
  /** The same wherever in its file the mutated lines have moved to. */
  readonly id: string;
  /** Under core/. */
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  /** The lines changed, before and after. */
  readonly before: string;
  readonly after: string;
  readonly edit: Edit;
  /** Tells apart versions of the file. */
  readonly sourceHash: string;
}

/** Of all files of the folders, in order. */
export function allMutants(core: string): Mutant[] {
  return folders.flatMap((folder) => {
    return readdirSync(join(core, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
      .sort()
      .flatMap((file) => mutantsOf(file, readFileSync(join(core, file), 'utf8')));
  });
}

export function mutantsOf(file: string, text: string): Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const sourceHash = hash(text);
  const mutants: Mutant[] = [];
  const seen = new Map<string, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isThrowStatement(node)) return;
    for (const kind of operators) {
      const operator = kind.name;
      for (const edit of kind.editsAt(node, source)) {
        const [before, after] = linesChanged(text, edit);
        const what = [file, operator, before, after].join('\0');
        const nth = (seen.get(what) ?? 0) + 1;
        seen.set(what, nth);
        const line = source.getLineAndCharacterOfPosition(edit.start).line + 1;
        const id = hash(`${what}\0${nth}`);
        mutants.push({ id, file, line, operator, before, after, edit, sourceHash });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

/**
 * Some `count` of them. Each operator gives its turn, so that what is done rarely, such as storing,
 * is tried as well; which of its mutants come first the seed decides, not what else there is: a
 * change of core leaves the rest of a sample as it was.
 */
export function drawMutants(all: readonly Mutant[], seed: number, count: number): Mutant[] {
  const piles = operators.map(({ name }) => {
    return all
      .filter(({ operator }) => operator === name)
      .map((mutant) => ({ mutant, rank: hash(`${seed}\0${mutant.id}`) }))
      .sort((a, b) => a.rank < b.rank ? -1 : 1)
      .map(({ mutant }) => mutant);
  });
  const deepest = Math.max(...piles.map(({ length }) => length));
  const drawn: Mutant[] = [];
  for (let place = 0; drawn.length < count && place < deepest; place += 1) {
    drawn.push(...piles.flatMap((pile) => pile.slice(place, place + 1)));
  }
  return drawn.slice(0, count);
}

/** The file's text with the mistake in it. */
export function mutated(text: string, { start, end, text: other }: Edit): string {
  return text.slice(0, start) + other + text.slice(end);
}

function linesChanged(text: string, edit: Edit): [before: string, after: string] {
  const from = text.lastIndexOf('\n', edit.start - 1) + 1;
  const newline = text.indexOf('\n', edit.end);
  const to = newline < 0 ? text.length : newline;
  const before = text.slice(from, to);
  const local = { ...edit, start: edit.start - from, end: edit.end - from };
  return [before, mutated(before, local)];
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
