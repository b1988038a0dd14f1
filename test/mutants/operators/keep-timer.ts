import type ts from 'typescript';
import { dropped, isCancelling, type Operator } from './operator.js';

/** A timer, or what goes by one, is not cancelled. */
export const keepTimer: Operator = {
  name: 'keep-timer',
  editsAt(node, source) {
    return isCancelling(node) ? [dropped(node as ts.Statement, source)] : [];
  },
};
