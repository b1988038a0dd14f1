import type { Override } from '../../../../experiment/language/overrides.js';
import type { ResolvedScenario } from '../../../../experiment/scenario/resolved.js';
import { formatDurationUs } from '../../../../experiment/language/units.js';
import type { Dice } from '../dice.js';
import type { Topic } from '../kinds/index.js';

/** A field of the scenario, and what a user would write there. */
export type Change = Pick<Override, 'path' | 'value'>;

/** Of what a draw is made. */
export interface SettingMaterial {
  readonly dice: Dice;
  /** With its defaults in place. */
  readonly base: ResolvedScenario;
  /** Heartbeat periods, those that were drawn before among them. */
  readonly resourcesUs: number;
  readonly managersUs: number;
}

/** A setting as exploration draws it: only where the file leaves the default. */
export interface DrawnSetting {
  readonly name: string;
  /** What it can come to, where that is a choice. */
  readonly choices?: readonly string[];
  /** Only, and then always, in seeds that draw this one too. */
  readonly with?: string;
  /** Seeds that draw it have the faults of that topic too: without them it makes no difference. */
  readonly topic?: Topic;
  /** Null: this system has nothing of the sort. */
  draw(of: SettingMaterial): Drawn | null;
}

/** The same, of that topic. */
export function about(
  topic: Topic, ...settings: readonly DrawnSetting[]
): readonly DrawnSetting[] {
  return settings.map((setting) => ({ ...setting, topic }));
}

export interface Drawn {
  readonly changes: readonly Change[];
  /** Each change stands by itself; otherwise all are made, or none. */
  readonly apart?: true;
  /** Beside those of the file: the text of a rule file. */
  readonly rules?: string;
  /** One of the setting's `choices`. */
  readonly choice?: string;
}

/** One field that is drawn by itself; its path with dots. */
export function field(
  path: string, draw: (of: SettingMaterial) => unknown,
): DrawnSetting {
  const steps = path.split('.');
  return { name: path, draw: (of) => ({ changes: [{ path: steps, value: draw(of) }] }) };
}

/** One of several names. */
export function choice(path: string, choices: readonly string[]): DrawnSetting {
  const steps = path.split('.');
  return {
    name: path,
    choices,
    draw: ({ dice }) => {
      const value = dice.one(choices);
      return { changes: [{ path: steps, value }], choice: value };
    },
  };
}

/** Whether something is so. */
export function flag(path: string): DrawnSetting {
  const steps = path.split('.');
  return {
    name: path,
    choices: ['no', 'yes'],
    draw: ({ dice }) => {
      const value = dice.chance(0.5);
      return { changes: [{ path: steps, value }], choice: value ? 'yes' : 'no' };
    },
  };
}

/** To two digits, as a user would write it: a person will read it. */
export function written(us: number): string {
  return formatDurationUs(Math.max(1, Math.round(Number(us.toPrecision(2)))));
}

export function round(value: number): number {
  return Number(value.toPrecision(2));
}
