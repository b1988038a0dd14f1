import ts from 'typescript';
import { replaced, type Operator } from './operator.js';

const others: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, '<='],
  [ts.SyntaxKind.LessThanEqualsToken, '<'],
  [ts.SyntaxKind.GreaterThanToken, '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken, '>'],
]);

/** The boundary itself is taken to be on the other side. */
export const boundary: Operator = {
  name: 'boundary',
  editsAt(node, source) {
    if (!ts.isBinaryExpression(node)) return [];
    const other = others.get(node.operatorToken.kind);
    return other === undefined ? [] : [replaced(node.operatorToken, source, other)];
  },
};
