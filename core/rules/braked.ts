import type { ActionSettings } from './action-settings.js';
import type { Rule } from './rule-set.js';

/** Whether anything but its condition and its back-off may keep the rule from acting at once. */
export function isBraked({ forUs, act }: Rule, settings: ActionSettings): boolean {
  if (act.verb === 'notify') return forUs + act.cooldownUs > 0;
  const { cooldownUs, limit, observes, retry } = act;
  const own = observes || limit !== null || forUs + cooldownUs + retry.stableUs > 0;
  const { mode, silences = [], brakes = [] } = settings;
  return own || mode === 'observe' || silences.length + brakes.length > 0;
}
