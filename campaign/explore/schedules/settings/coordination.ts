/** How the system is managed: periods and timeouts, and who does what in which way. */
import { assignmentNames } from '../../../../core/coordination/assignment.js';
import { choice, field, flag, round, written, type DrawnSetting } from './setting.js';

const ms = 1e3;
const second = 1e6;
const of = (part: string): string => `coordination.${part}`;

/** First: others are multiples of them. */
export const periods: readonly DrawnSetting[] = [
  field(of('resources.heartbeatPeriod'), ({ dice }) => written(dice.anySize(second, 30 * second))),
  field(of('managers.heartbeatPeriod'), ({ dice }) => written(dice.anySize(second, 30 * second))),
];

const detection: DrawnSetting = {
  name: of('detection'),
  choices: ['fixed', 'phi-accrual', 'phi-accrual with maxTimeout'],
  draw: ({ dice, resourcesUs, managersUs }) => {
    const path = ['coordination', 'detection'];
    const kind = dice.integer(0, 3);
    if (kind === 0) return { changes: [{ path, value: 'fixed' }], choice: 'fixed' };
    const longestUs = Math.max(resourcesUs, managersUs);
    const limit = kind === 1
      ? {} : { maxTimeout: written(longestUs * dice.uniform(2, 6)) };
    const value = {
      name: 'phi-accrual',
      threshold: round(dice.uniform(2, 16)),
      minDeviation: written(longestUs * dice.anySize(0.02, 0.5)),
      acceptablePause: written(longestUs * dice.uniform(0, 3)),
      window: dice.integer(5, 200),
      ...limit,
    };
    const name = `phi-accrual${kind === 1 ? '' : ' with maxTimeout'}`;
    return { changes: [{ path, value }], choice: name };
  },
};

const retries: DrawnSetting = {
  name: of('resources.retry'),
  draw: ({ dice }) => {
    const retryUs = dice.anySize(100 * ms, 5 * second);
    const path = ['coordination', 'resources'];
    return {
      changes: [
        { path: [...path, 'retry'], value: written(retryUs) },
        { path: [...path, 'retryMax'], value: written(retryUs * dice.anySize(1.1, 30)) },
      ],
    };
  },
};

/** The root must have tried the coordinator before its request is over. */
const tries: DrawnSetting = {
  name: of('election'),
  draw: ({ dice, managersUs }) => {
    const path = ['coordination', 'election'];
    const count = dice.integer(1, 6);
    const tryUs = managersUs * dice.anySize(0.01, 0.2);
    return {
      changes: [
        { path: [...path, 'name'], value: 'overlay-root' },
        { path: [...path, 'tries'], value: count },
        { path: [...path, 'tryTimeout'], value: written(tryUs) },
        { path: [...path, 'requestTimeout'], value: written(tryUs * (count + dice.uniform(1, 6))) },
      ],
    };
  },
};

export const coordinationSettings: readonly DrawnSetting[] = [
  field(of('resources.timeout'), ({ dice, resourcesUs }) =>
    written(resourcesUs * dice.uniform(1.5, 6))),
  field(of('resources.checkPeriod'), ({ dice, resourcesUs }) =>
    written(resourcesUs * dice.anySize(0.02, 1))),
  field(of('resources.answerTimeout'), ({ dice, resourcesUs }) =>
    written(resourcesUs * dice.uniform(1.5, 6))),
  retries,
  field(of('managers.timeout'), ({ dice, managersUs }) =>
    written(managersUs * dice.uniform(1.5, 6))),
  field(of('managers.answerTimeout'), ({ dice, managersUs }) =>
    written(managersUs * dice.uniform(1.5, 6))),
  choice(of('overlay.name'), ['full-mesh', 'pastry']),
  field(of('overlay.probePeriod'), ({ dice, managersUs }) =>
    written(managersUs * dice.anySize(0.2, 3))),
  field(of('overlay.heartbeatPeriod'), ({ dice, managersUs }) =>
    written(managersUs * dice.anySize(0.3, 6))),
  field(of('overlay.hopTimeout'), ({ dice, managersUs }) =>
    written(Math.max(30 * ms, managersUs * dice.anySize(0.01, 0.2)))),
  tries,
  detection,
  choice(of('assignment.name'), assignmentNames),
  flag(of('inventory')),
  field(of('standbys'), ({ dice }) => dice.integer(0, 3)),
  field(of('rebalance.threshold'), ({ dice }) => round(dice.anySize(0.01, 2))),
  field(of('rebalance.perPeriod'), ({ dice }) =>
    dice.chance(0.2) ? 0 : Math.floor(dice.anySize(1, 1000))),
  field(of('leaveTimeout'), ({ dice, managersUs }) => written(managersUs * dice.anySize(0.2, 12))),
  field(of('rebuild'), ({ dice, managersUs }) => written(managersUs * dice.anySize(0.2, 8))),
  field(of('entriesPerMessage'), ({ dice }) => Math.floor(dice.anySize(1, 500))),
  field(of('actions.timeout'), ({ dice, resourcesUs }) =>
    written(resourcesUs * dice.anySize(0.3, 10))),
  field(of('actions.retries'), ({ dice }) => dice.integer(0, 6)),
];
