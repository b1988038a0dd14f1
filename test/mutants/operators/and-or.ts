import ts from 'typescript';
import { replaced, type Operator } from './operator.js';

/** Both where either is enough, or either where both are needed. */
export const andOr: Operator = {
  name: 'and-or',
  editsAt(node, source) {
    if (!ts.isBinaryExpression(node)) return [];
    const { left, operatorToken, right } = node;
    const isAnd = operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
    if (!isAnd && operatorToken.kind !== ts.SyntaxKind.BarBarToken) return [];
    const [one, other] = [left, right].map((side) => side.getText(source));
    // In brackets: what stands around binds as it did.
    return [replaced(node, source, `((${one}) ${isAnd ? '||' : '&&'} (${other}))`)];
  },
};
