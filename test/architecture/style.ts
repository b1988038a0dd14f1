import ts from 'typescript';

const maximumColumns = 100;
const maximumFunctionLines = 70;

/** Folders in which two runs of the same seed must not differ. */
const deterministic = /^(core|experiment|checker|sim|campaign\/explore\/schedules)\//;

const collections = /^(Map|Set|WeakMap|WeakSet|Array)$/;

/** What oxlint has no rule for; each as `file:line: what is wrong`. */
export function styleViolations(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found: { line: number; message: string }[] = [];
  const report = (line: number, message: string): void => {
    found.push({ line, message });
  };
  longLines(text, report);
  longFunctions(source, report);
  if (deterministic.test(path)) {
    moduleState(source, report);
    enginePowers(source, report);
  }
  return found
    .sort((a, b) => a.line - b.line)
    .map(({ line, message }) => `${path}:${line}: ${message}`);
}

type Report = (line: number, message: string) => void;

function longLines(text: string, report: Report): void {
  text.split('\n').forEach((line, index) => {
    const columns = Array.from(line).length;
    if (columns > maximumColumns) {
      report(index + 1, `${columns} columns, at most ${maximumColumns}`);
    }
  });
}

function longFunctions(source: ts.SourceFile, report: Report): void {
  walk(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return;
    const first = lineOf(source, node.getStart(source));
    const lines = lineOf(source, node.getEnd()) - first + 1;
    if (lines > maximumFunctionLines) {
      report(first, `a function of ${lines} lines, at most ${maximumFunctionLines}`);
    }
  });
}

/** State that outlives a run, so that a second run in the same process could differ. */
function moduleState(source: ts.SourceFile, report: Report): void {
  walk(source, (node) => {
    const line = lineOf(source, node.getStart(source));
    if (ts.isVariableDeclaration(node) && isAtTopLevel(node)) {
      const name = node.name.getText(source);
      if (!(node.parent.flags & ts.NodeFlags.Const)) {
        report(line, `module-level mutable state: ${name} is not const`);
      } else if (isMutableCollection(node, source)) {
        report(line, `module-level mutable state: ${name} needs a readonly type`);
      }
    }
    if (ts.isPropertyDeclaration(node) && isStatic(node) && !isReadonly(node)) {
      report(line, `mutable state of a class: ${node.name.getText(source)} is static`);
    }
  });
}

/** `**` is Math.pow, whose last bit differs between engines. */
function enginePowers(source: ts.SourceFile, report: Report): void {
  const powers = [ts.SyntaxKind.AsteriskAsteriskToken, ts.SyntaxKind.AsteriskAsteriskEqualsToken];
  walk(source, (node) => {
    if (ts.isBinaryExpression(node) && powers.includes(node.operatorToken.kind)) {
      const line = lineOf(source, node.operatorToken.getStart(source));
      report(line, 'engines differ in the last bit of **: take @stdlib/math-base-special-pow');
    }
  });
}

function isMutableCollection(node: ts.VariableDeclaration, source: ts.SourceFile): boolean {
  const { initializer, type } = node;
  if (!initializer || /\breadonly\b|^Readonly/.test(type?.getText(source) ?? '')) return false;
  if (ts.isNewExpression(initializer)) {
    return collections.test(initializer.expression.getText(source));
  }
  return (
    (ts.isArrayLiteralExpression(initializer) && initializer.elements.length === 0) ||
    (ts.isObjectLiteralExpression(initializer) && initializer.properties.length === 0)
  );
}

function isAtTopLevel(node: ts.VariableDeclaration): boolean {
  for (let up: ts.Node = node.parent; !ts.isSourceFile(up); up = up.parent) {
    if (ts.isFunctionLike(up) || ts.isClassLike(up)) return false;
  }
  return true;
}

function isStatic(node: ts.PropertyDeclaration): boolean {
  return hasModifier(node, ts.SyntaxKind.StaticKeyword);
}

function isReadonly(node: ts.PropertyDeclaration): boolean {
  return hasModifier(node, ts.SyntaxKind.ReadonlyKeyword);
}

function hasModifier(node: ts.PropertyDeclaration, kind: ts.SyntaxKind): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}

function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}
