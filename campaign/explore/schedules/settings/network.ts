/** What is between hosts: laws of delay, and what harms messages everywhere and always. */
import ln from '@stdlib/math-base-special-ln';
import { field, round, written, type DrawnSetting, type SettingMaterial } from './setting.js';

const ms = 1e3;
const second = 1e6;

/** Of a delay around so much. */
const laws = {
  constant: (us: number) => ({ constant: written(us) }),
  uniform: (us: number) => ({ uniform: { low: written(us / 10), high: written(us * 2) } }),
  exponential: (us: number) => ({ exponential: written(us) }),
  lognormal: (us: number) => ({ lognormal: { median: written(us), sigma: 0.6 } }),
  weibull: (us: number) => ({ weibull: { scale: written(us), shape: 1.5 } }),
  pareto: (us: number) => ({ pareto: { minimum: written(us / 2), shape: 4 } }),
  empirical: (us: number) => ({ empirical: [us / 4, us, 3 * us].map(written) }),
} as const;
const lawNames = Object.keys(laws) as (keyof typeof laws)[];

const latency: DrawnSetting = {
  name: 'network.latency',
  choices: [...lawNames, 'zones'],
  draw: ({ base, dice }) => {
    const path = ['network', 'latency'];
    const usualUs = dice.anySize(0.2 * ms, 300 * ms);
    const { zones } = base.system;
    if (zones.length > 1 && dice.chance(0.3)) {
      const pairs = [{ zones: [zones[0], zones[1]], delay: written(usualUs * 3) }];
      const value = {
        zones: { within: written(usualUs / 10), between: laws.uniform(usualUs), pairs },
      };
      return { changes: [{ path, value }], choice: 'zones' };
    }
    const choice = dice.one(lawNames);
    return { changes: [{ path, value: laws[choice](usualUs) }], choice };
  },
};

/** Timeouts along with it that mere loss breaks but once in 10^9 times. */
const loss: DrawnSetting = {
  name: 'network.loss',
  draw: ({ dice, resourcesUs, managersUs }) => {
    const share = round(dice.anySize(1e-4, 0.05));
    const roundTrip = 1 - (1 - share) * (1 - share);
    const spans = Math.ceil(ln(1e-9) / ln(roundTrip)) + 2;
    const times = [['resources', resourcesUs], ['managers', managersUs]] as const;
    const timeouts = times.flatMap(([who, periodUs]) => ['timeout', 'answerTimeout'].map((key) => {
      return { path: ['coordination', who, key], value: written(spans * periodUs * 1.05) };
    }));
    return { changes: [{ path: ['network', 'loss'], value: share }, ...timeouts] };
  },
};

function spells({ dice }: SettingMaterial): { readonly good: string; readonly bad: string } {
  return {
    good: written(dice.anySize(second, 300 * second)), bad: written(dice.anySize(ms, second)),
  };
}

const delay = ({ dice }: SettingMaterial): string => written(dice.anySize(ms, 500 * ms));

export const networkSettings: readonly DrawnSetting[] = [
  latency,
  loss,
  field('network.burstyLoss', (of) => ({
    ...spells(of), lossGood: 0, lossBad: round(of.dice.uniform(0.1, 1)),
  })),
  field('network.duplication', ({ dice }) => round(dice.anySize(0.001, 0.5))),
  field('network.corruption', ({ dice }) => round(dice.anySize(1e-4, 0.05))),
  field('network.jitter', (of) => ({ exponential: delay(of) })),
  field('network.delaySpikes', (of) => ({ ...spells(of), delay: delay(of) })),
  field('network.reordering', (of) => ({
    share: round(of.dice.anySize(0.001, 0.3)), delay: delay(of),
  })),
  field('network.bandwidth', ({ dice }) => ({
    rate: `${round(dice.anySize(10, 10_000))}kbit/s`, queue: written(dice.anySize(50 * ms, 5e6)),
  })),
];
