import ts from 'typescript';
import { replaced, type Operator } from './operator.js';

const reckoning: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.PlusToken, ts.SyntaxKind.MinusToken,
  ts.SyntaxKind.LessThanToken, ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken, ts.SyntaxKind.GreaterThanEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/**
 * One too many or too few in a sum or a comparison. A constant at the top of a file tunes: with one
 * more it is tuned otherwise, which is no mistake.
 */
export const offByOne: Operator = {
  name: 'off-by-one',
  editsAt(node, source) {
    if (!ts.isNumericLiteral(node) || !/^\d+$/.test(node.text)) return [];
    const { parent } = node;
    if (!ts.isBinaryExpression(parent) || !reckoning.has(parent.operatorToken.kind)) return [];
    const value = Number(node.text);
    const near = value === 0 ? [1] : [value - 1, value + 1];
    return near.map((other) => replaced(node, source, String(other)));
  },
};
