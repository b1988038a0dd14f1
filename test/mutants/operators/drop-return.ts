import ts from 'typescript';
import { dropped, type Operator } from './operator.js';

/** The way out of a function, or on to the next of a loop, is not taken. */
export const dropReturn: Operator = {
  name: 'drop-return',
  editsAt(node, source) {
    if (!ts.isIfStatement(node) || node.elseStatement !== undefined) return [];
    const { thenStatement: then } = node;
    const last = ts.isBlock(then) ? then.statements.at(-1) : then;
    if (last === undefined) return [];
    const leaves = ts.isReturnStatement(last) || ts.isContinueStatement(last);
    return leaves ? [dropped(last, source)] : [];
  },
};
