/** Settings that a seed draws where the file leaves the default. */
import { coordinationSettings, periods } from './coordination.js';
import { networkSettings } from './network.js';
import { ruleSettings } from './rules.js';
import type { DrawnSetting } from './setting.js';
import { systemSettings } from './system.js';

export type { DrawnSetting } from './setting.js';

/** To add a setting, add a row to one of these: each draws from a stream of its own. */
export const drawnSettings: readonly DrawnSetting[] = [
  ...periods, ...coordinationSettings, ...systemSettings, ...networkSettings, ...ruleSettings,
];
