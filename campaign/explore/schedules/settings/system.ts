/** What there is: places, clocks, the time that messages take, and how resources behave. */
import { verbs } from '../../../../core/verbs/index.js';
import { field, round, written, type Change, type DrawnSetting } from './setting.js';

const ms = 1e3;
const second = 1e6;
/** Of metrics that the file does not know. */
export const metricNames = ['heat', 'queue', 'errors'] as const;

const spares: DrawnSetting = {
  name: 'system.resources.spares',
  draw: ({ base, dice }) => {
    const { resources } = base.system;
    if (resources.length === 0) return null;
    const group = dice.integer(0, resources.length - 1);
    const value = dice.integer(0, Math.floor(resources[group].count / 3));
    return { changes: [{ path: ['system', 'resources', group, 'spares'], value }] };
  },
};

const perHost: DrawnSetting = {
  name: 'system.resources.perHost',
  draw: ({ base, dice }) => {
    const { resources } = base.system;
    if (resources.length === 0) return null;
    const group = dice.integer(0, resources.length - 1);
    const value = dice.integer(1, 6);
    return { changes: [{ path: ['system', 'resources', group, 'perHost'], value }] };
  },
};

const startUps: DrawnSetting = {
  name: 'system.kinds.startUp',
  draw: ({ base, dice }) => {
    const changes = base.system.kinds.map(({ name }): Change => {
      const usual = dice.anySize(50 * ms, 20 * second);
      const value = dice.chance(0.5)
        ? written(usual) : { lognormal: { median: written(usual), sigma: 0.5 } };
      return { path: ['system', 'kinds', name, 'startUp'], value };
    });
    return { changes, apart: true };
  },
};

const actions: DrawnSetting = {
  name: 'system.kinds.actions',
  draw: ({ base, dice }) => {
    const changes = base.system.kinds.flatMap(({ name }) => verbs.flatMap((verb): Change[] => {
      const path = ['system', 'kinds', name, 'actions', verb];
      const duration = written(dice.anySize(100 * ms, 200 * second));
      return [
        { path: [...path, 'duration'], value: duration },
        { path: [...path, 'failure'], value: dice.chance(0.5) ? 0 : round(dice.uniform(0, 0.5)) },
      ];
    }));
    return { changes, apart: true };
  },
};

/** Each kind has several, of which rules may speak. */
export const metrics: DrawnSetting = {
  name: 'system.kinds.metrics',
  draw: ({ base, dice }) => {
    const changes = base.system.kinds.flatMap(({ name }) => metricNames.map((metric): Change => {
      const maximum = round(dice.anySize(1, 100));
      const value = {
        mean: round(maximum * dice.uniform(0.2, 0.8)),
        deviation: round(maximum * dice.anySize(0.02, 0.5)),
        reversion: written(dice.anySize(second, 300 * second)),
        minimum: 0,
        maximum,
        ...(dice.chance(0.5) ? { resolution: round(maximum * dice.anySize(0.01, 0.5)) } : {}),
      };
      return { path: ['system', 'kinds', name, 'metrics', metric], value };
    }));
    return { changes, apart: true };
  },
};

export const systemSettings: readonly DrawnSetting[] = [
  field('system.zones', ({ dice }) => dice.integer(2, 5)),
  field('system.racks', ({ dice }) => dice.integer(2, 4)),
  field('system.clocks.offset', ({ dice }) => written(dice.anySize(ms, 3600 * second))),
  field('system.clocks.drift', ({ dice }) => round(dice.anySize(1e-6, 1e-2))),
  field('system.clocks.timers', ({ dice }) => written(dice.anySize(1, ms))),
  field('system.service.manager', ({ dice }) => written(dice.anySize(10, 5 * ms))),
  field('system.service.agent', ({ dice }) => written(dice.anySize(10, 5 * ms))),
  spares,
  perHost,
  startUps,
  actions,
  metrics,
];
