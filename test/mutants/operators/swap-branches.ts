import ts from 'typescript';
import { replaced, type Operator } from './operator.js';

/** What is done if so is done if not. */
export const swapBranches: Operator = {
  name: 'swap-branches',
  editsAt(node, source) {
    if (ts.isConditionalExpression(node)) {
      const { condition } = node;
      return [replaced(condition, source, `!(${condition.getText(source)})`)];
    }
    if (!ts.isIfStatement(node) || node.elseStatement === undefined) return [];
    return [replaced(node.expression, source, `!(${node.expression.getText(source)})`)];
  },
};
