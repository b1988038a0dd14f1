import { count, flag, oneOf, quantity, words, type RowOf } from './column.js';
import { tableOf } from './table.js';

const fields = {
  fault: count('1', 'number of the fault in the run, from 0'),
  time_s: quantity('s', 'when it began'),
  kind: words('of fault, as scenarios write it'),
  target: words('whom it hit'),
  scope: oneOf(
    ['management', 'resources'], 'whether it hit managers or links, or only what they manage',
  ),
  cleared_s: quantity('s', 'when it was over: repaired, healed, resumed',
    'it was not when the run ended'),
  detected_s: quantity('s', 'when somebody it hit was first suspected while it lasted',
    'nobody was'),
  recovered_s: quantity('s', 'when everything it took away was managed again',
    'it took nothing away, or was not recovered from when the run ended'),
  censored: flag('not recovered from when the run ended'),
} as const;

const targetFields = {
  fault: fields.fault,
  target: words('name of a manager, host or resource that it hit; else in words, what'),
  target_kind: oneOf(
    ['manager', 'host', 'resource', 'more', 'words'],
    'what target is; more: the number of others that it hit; words: links, or whose clock or pace',
  ),
};

export type FaultRow = RowOf<typeof fields>;
export type FaultTargetRow = RowOf<typeof targetFields>;

export const faults = tableOf<FaultRow>('faults', 'an injected fault', fields);

export const faultTargets =
  tableOf<FaultTargetRow>('fault-targets', 'a target of a fault', targetFields);
