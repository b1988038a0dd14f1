/** Rules beside those of the file, on what was drawn: notices, and actions that metrics cause. */
import type { Dice } from '../dice.js';
import type { Drawn, DrawnSetting } from './setting.js';
import { metricNames, metrics } from './system.js';

function rules(...lines: readonly string[]): Drawn {
  return { changes: [], rules: `rules:\n${lines.map((line) => `  - { ${line} }\n`).join('')}` };
}

/** Above what a metric seldom is. */
function limit(dice: Dice): string {
  return dice.uniform(0.5, 60).toFixed(2);
}

export const ruleSettings: readonly DrawnSetting[] = [
  {
    name: 'rules with notices',
    draw: ({ dice }) => rules(
      'name: drawn-lack, scope: global, group: entity.kind, ' +
        `when: 'group.down > ${dice.integer(0, 5)}', ` +
        `notify: 'group.name + " lacks " + string(group.down)'`,
      `name: drawn-down, scope: local, when: 'entity.state == "down"', ` +
        `notify: 'entity.name + " is down"'`,
    ),
  },
  {
    name: 'rules on the state',
    draw: ({ dice }) => rules(
      `name: drawn-restart, scope: local, when: 'entity.state == "down" && entity.hostUp', ` +
        `do: restart, retry: { delay: ${dice.integer(1, 20)}s }`,
    ),
  },
  {
    name: 'rules on metrics',
    with: metrics.name,
    draw: ({ dice }) => {
      const metric = dice.one(metricNames);
      const act = dice.chance(0.5)
        ? `do: restart, retry: { delay: ${dice.integer(5, 60)}s }`
        : `notify: 'entity.name + " has " + string(entity.metrics.${metric})'`;
      return rules(
        `name: drawn-metric, scope: local, when: 'entity.metrics.${metric} > ${limit(dice)} && ` +
          `entity.state == "up"', ${act}`,
        'name: drawn-mean, scope: global, group: entity.kind, ' +
          `when: 'group.up > 0 && group.mean.${metric} > ${limit(dice)}', ` +
          `notify: 'group.name + ": " + string(group.sum.${metric})'`,
      );
    },
  },
];
