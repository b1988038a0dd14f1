import type ts from 'typescript';
import { dropped, isStoring, type Operator } from './operator.js';

/** Something is not written to the host's memory, or not made durable. */
export const skipStore: Operator = {
  name: 'skip-store',
  editsAt(node, source) {
    return isStoring(node, source) ? [dropped(node as ts.Statement, source)] : [];
  },
};
