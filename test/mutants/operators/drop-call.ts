import { calledBy, dropped, isCancelling, isStoring, type Operator } from './operator.js';
import type ts from 'typescript';

/**
 * Something is not done. A mark is no doing: it tells explorations where code has come to. Nor is
 * reading ahead, which only warms the cache.
 */
export const dropCall: Operator = {
  name: 'drop-call',
  editsAt(node, source) {
    const called = calledBy(node);
    if (called === null || called === 'mark' || /^#?readAhead/.test(called)) return [];
    if (isStoring(node, source) || isCancelling(node)) return [];
    return [dropped(node as ts.Statement, source)];
  },
};
