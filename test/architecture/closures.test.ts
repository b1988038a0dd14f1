/**
 * State of a node is plain data in fields, so that it can be saved, restored and compared: none in
 * variables that a function takes along, in modules, or in generators that are kept.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import ts from 'typescript';
import { root, sources } from './sources.js';

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;

/** What the node changes: the name of a plain variable. */
function changedBy(node: ts.Node): string | null {
  let target: ts.Node | null = null;
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const assigns = kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    if (assigns) target = node.left;
  } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { PlusPlusToken, MinusMinusToken } = ts.SyntaxKind;
    if (node.operator === PlusPlusToken || node.operator === MinusMinusToken) target = node.operand;
  }
  return target !== null && ts.isIdentifier(target) ? target.text : null;
}

function isChangedWithin(node: ts.Node, name: string, inner = false): boolean {
  if (inner && changedBy(node) === name) return true;
  return ts.forEachChild(node, (child) =>
    isChangedWithin(child, name, inner || isFunction(child)) || undefined) ?? false;
}

/** It becomes a field, and is not walked over to its end where it is made. */
function isKept({ parent }: ts.Node): boolean {
  if (ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)) return true;
  return ts.isBinaryExpression(parent) && ts.isPropertyAccessExpression(parent.left);
}

const nameOf = (called: ts.Expression): string =>
  ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();

function keptState(files: readonly (readonly [path: string, text: string])[]): string[] {
  const parsed = files.map(([path, text]) =>
    ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  const generators = new Set<string>();
  const found: string[] = [];
  const walk = (node: ts.Node, visit: (node: ts.Node, around: ts.Node | null) => void,
    around: ts.Node | null = null): void => {
    visit(node, around);
    ts.forEachChild(node, (child) => walk(child, visit, isFunction(node) ? node : around));
  };
  for (const source of parsed) {
    walk(source, (node) => {
      if (isFunction(node) && node.asteriskToken !== undefined) {
        generators.add(node.name!.getText(source));
      }
    });
  }
  for (const source of parsed) {
    const say = (node: ts.Node, what: string): void => {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      found.push(`${source.fileName}:${line + 1}: ${what}`);
    };
    walk(source, (node, around) => {
      if (ts.isVariableDeclaration(node) && (node.parent.flags & ts.NodeFlags.Let) !== 0) {
        const name = node.name.getText(source);
        if (around === null) say(node, `${name} is a variable of the module`);
        else if (isChangedWithin(around, name)) say(node, `a function takes ${name} along`);
      }
      if (!ts.isCallExpression(node) || !isKept(node)) return;
      const name = nameOf(node.expression);
      if (generators.has(name)) say(node, `the generator ${name} is kept`);
    });
  }
  return found;
}

const core = sources().filter((path) => path.startsWith('core/'))
  .map((path): [string, string] => [path, readFileSync(join(root, path), 'utf8')]);

t.test('no state of core is in closures, modules or generators', (t) => {
  t.ok(core.length > 100);
  t.same(keptState(core), []);
  const planted: Readonly<Record<string, RegExp>> = {
    'export function f() { let n = 0; return () => { n += 1; }; }': /takes n along/,
    'export function f() { let n = 0; return { up: () => n++ }; }': /takes n along/,
    'let count = 0;\nexport const up = () => count++;': /count is a variable of the module/,
    'class A { *#all() { yield 1; } #it = this.#all(); }': /generator #all is kept/,
  };
  for (const [text, said] of Object.entries(planted)) t.match(keptState([['x.ts', text]])[0], said);
  const sound = 'class A { *#all() { yield 1; } ' +
    'f() { let n = 0; for (const a of this.#all()) n += a; } }';
  t.same(keptState([['x.ts', sound]]), []);
  t.end();
});
