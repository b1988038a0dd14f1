import ts from 'typescript';
import { dropped, type Operator } from './operator.js';

/** Something is not remembered, or not counted. In a constructor a field has to have a value. */
export const dropAssignment: Operator = {
  name: 'drop-assignment',
  editsAt(node, source) {
    if (!ts.isExpressionStatement(node)) return [];
    if (ts.isConstructorDeclaration(node.parent.parent)) return [];
    const { expression } = node;
    const assigns = ts.isBinaryExpression(expression)
      && isAssigning(expression.operatorToken.kind);
    const counts = ts.isPostfixUnaryExpression(expression)
      || ts.isPrefixUnaryExpression(expression);
    return assigns || counts ? [dropped(node, source)] : [];
  },
};

function isAssigning(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
