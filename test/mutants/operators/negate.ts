import ts from 'typescript';
import { calledBy, replaced, type Operator } from './operator.js';

/**
 * A condition means its opposite. Where there are two branches, `swap-branches` does that; a mark
 * made where none belongs is no mistake of the system's.
 */
export const negate: Operator = {
  name: 'negate',
  editsAt(node, source) {
    const hasOne = ts.isIfStatement(node) && node.elseStatement === undefined;
    if (!hasOne && !ts.isWhileStatement(node)) return [];
    if (ts.isIfStatement(node) && calledBy(node.thenStatement) === 'mark') return [];
    const { expression } = node;
    return [replaced(expression, source, `!(${expression.getText(source)})`)];
  },
};
