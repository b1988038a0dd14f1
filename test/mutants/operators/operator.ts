import ts from 'typescript';

/** One change of a source: what stands from `start` to `end` becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A way to make a mistake. */
export interface Operator {
  readonly name: string;
  /** The mistakes to be made at this very node; its children are asked by themselves. */
  editsAt(node: ts.Node, source: ts.SourceFile): readonly Edit[];
}

export function replaced(node: ts.Node, source: ts.SourceFile, text: string): Edit {
  return { start: node.getStart(source), end: node.getEnd(), text };
}

/** A statement that does nothing stands where one is dropped, so that `if (x) it();` parses. */
export function dropped(statement: ts.Statement, source: ts.SourceFile): Edit {
  return replaced(statement, source, ';');
}

/** The name that is called, `put` in `this.#store.put(...)`; null: this statement calls nothing. */
export function calledBy(node: ts.Node): string | null {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return null;
  const { expression: callee } = node.expression;
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : null;
}

/** How a call on the host's memory, or of a way to cancel a timer, is known by its text. */
export function isStoring(node: ts.Node, source: ts.SourceFile): boolean {
  return calledBy(node) !== null && /\bstore\.(put|sync|delete)\(/.test(node.getText(source));
}

export function isCancelling(node: ts.Node): boolean {
  return /^#?(cancel|stop)/.test(calledBy(node) ?? '');
}
