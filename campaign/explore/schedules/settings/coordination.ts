/** How the system is managed: periods and timeouts, and who does what in which way. */
import { assignmentNames } from '../../../../core/coordination/assignment/index.js';
import { detectors } from '../../../../core/detection/index.js';
import { overlays } from '../../../../core/overlay/index.js';
import type { Range } from '../../../../core/settings.js';
import type { Dice } from '../dice.js';
import { about, choice, field, flag, round, written, type DrawnSetting } from './setting.js';

const ms = 1e3;
const second = 1e6;
const of = (part: string): string => `coordination.${part}`;

/** First: others are multiples of them. */
export const periods: readonly DrawnSetting[] = [
  field(of('resources.heartbeatPeriod'), ({ dice }) => written(dice.anySize(second, 30 * second))),
  field(of('managers.heartbeatPeriod'), ({ dice }) => written(dice.anySize(second, 30 * second))),
];

/** A detector, by what it says of itself: which settings it has besides tells its kind apart. */
const drawnDetectors = Object.entries(detectors).flatMap(([name, { drawn }]) =>
  drawn.map((settings) => {
    const more = Object.keys(settings).filter((key) => !Object.hasOwn(drawn[0], key));
    return { name, settings, label: more.length === 0 ? name : `${name} with ${more.join()}` };
  }));

const detection: DrawnSetting = {
  name: of('detection'),
  choices: [...new Set(drawnDetectors.map(({ label }) => label))],
  draw: ({ dice, resourcesUs, managersUs }) => {
    const { name, settings, label } = dice.one(drawnDetectors);
    const longestUs = Math.max(resourcesUs, managersUs);
    const values = Object.entries(settings).map(([key, range]) =>
      [key, within(range, dice, longestUs)]);
    const value = { name, ...Object.fromEntries(values) as object };
    return { changes: [{ path: ['coordination', 'detection'], value }], choice: label };
  },
};

function within({ from, to, anySize, unit }: Range, dice: Dice, periodUs: number): unknown {
  if (unit === 'count') return dice.integer(from, to);
  const value = anySize === true ? dice.anySize(from, to) : dice.uniform(from, to);
  return unit === 'periods' ? written(periodUs * value) : round(value);
}

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
  draw: ({ base, dice, managersUs }) => {
    const path = ['coordination', 'election'];
    const count = dice.integer(1, 6);
    const tryUs = managersUs * dice.anySize(0.01, 0.2);
    return {
      changes: [
        { path: [...path, 'name'], value: base.coordination.election.name },
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
  choice(of('overlay.name'), Object.keys(overlays).sort()),
  field(of('overlay.probePeriod'), ({ dice, managersUs }) =>
    written(managersUs * dice.anySize(0.2, 3))),
  field(of('overlay.heartbeatPeriod'), ({ dice, managersUs }) =>
    written(managersUs * dice.anySize(0.3, 6))),
  field(of('overlay.hopTimeout'), ({ dice, managersUs }) =>
    written(Math.max(30 * ms, managersUs * dice.anySize(0.01, 0.2)))),
  tries,
  detection,
  flag(of('inventory')),
  ...about('inventory', field(of('standbys'), ({ dice }) => dice.integer(0, 3))),
  field(of('seeds'), ({ dice }) => dice.integer(1, 6)),
  field(of('leaveTimeout'), ({ dice, managersUs }) => written(managersUs * dice.anySize(0.2, 12))),
  field(of('rebuild'), ({ dice, managersUs }) => written(managersUs * dice.anySize(0.2, 8))),
  field(of('entriesPerMessage'), ({ dice }) => Math.floor(dice.anySize(1, 500))),
  ...about('loads',
    choice(of('assignment.name'), assignmentNames),
    field(of('rebalance.threshold'), ({ dice }) => round(dice.anySize(0.01, 2))),
    field(of('rebalance.perPeriod'), ({ dice }) =>
      dice.chance(0.2) ? 0 : Math.floor(dice.anySize(1, 1000))),
  ),
  ...about('rules',
    field(of('actions.timeout'), ({ dice, resourcesUs }) =>
      written(resourcesUs * dice.anySize(0.02, 10))),
    field(of('actions.retries'), ({ dice }) => dice.integer(0, 6)),
  ),
];
