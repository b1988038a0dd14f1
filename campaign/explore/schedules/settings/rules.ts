/** Rules beside those of the file, on what was drawn: notices, and actions that metrics cause. */
import { effects, verbs } from '../../../../core/verbs/index.js';
import type { Dice } from '../dice.js';
import { about, written, type Drawn, type DrawnSetting } from './setting.js';
import { metricNames, metrics } from './system.js';

function rules(...lines: readonly string[]): Drawn {
  return { changes: [], rules: `rules:\n${lines.map((line) => `  - { ${line} }\n`).join('')}` };
}

/** Before a rule fires, and before it does so again: up to longer than it takes to miss a crash. */
function waits(dice: Dice): string {
  const [forS, cooldownS] = [dice.anySize(1, 30), dice.anySize(5, 200)].map(Math.round);
  return `for: ${forS}s, cooldown: ${cooldownS}s, `;
}

/** From less than a retry waits to more than a run mostly lasts. */
function limited(dice: Dice, most: number): string {
  return `limit: { atMost: ${dice.integer(1, most)}, per: ${Math.round(dice.anySize(30, 300))}s, ` +
    `then: ${dice.one(['wait', 'give-up'])} }`;
}

/** Above what a metric seldom is. */
function limit(dice: Dice): string {
  return dice.uniform(0.5, 60).toFixed(2);
}

export const ruleSettings: readonly DrawnSetting[] = about('rules',
  {
    name: 'rules with notices',
    draw: ({ dice }) => rules(
      'name: drawn-lack, scope: global, group: entity.kind, ' +
        `when: 'group.down > ${dice.integer(0, 5)}', ` +
        `notify: 'group.name + " lacks " + string(group.down)'`,
      `name: drawn-down, scope: local, when: 'entity.state == "down"', ` +
        `${dice.chance(0.5) ? waits(dice) : ''}notify: 'entity.name + " is down"'`,
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
    name: 'rules with brakes',
    draw: ({ dice }) => rules(
      `name: drawn-mend, scope: local, when: 'entity.state == "down" && entity.hostUp', ` +
        `do: restart, ${waits(dice)}` +
        `${limited(dice, 3)}, ` +
        `retry: { delay: ${dice.integer(1, 20)}s, stable: ${dice.integer(1, 5)}m }`,
      `name: drawn-watch, scope: local, when: 'entity.state == "down"', do: restart, mode: observe`,
    ),
  },
  {
    name: 'brakes',
    draw: ({ dice }) => ({ changes: [{ path: ['brakes'], value: [{
      over: dice.one(['run', 'zone', 'group']),
      // Those that local rules mostly do, or not.
      of: dice.chance(0.5) ? [...verbs] : verbs.filter((verb) => effects[verb].interrupts !== true),
      atMost: dice.integer(1, 4),
      per: `${dice.integer(5, 120)}s`,
      ...(dice.chance(0.5) ? { halt: dice.integer(1, 9) / 10 } : {}),
      ...(dice.chance(0.3) ? { unavailable: { atMost: dice.integer(1, 3) } } : {}),
    }] }] }),
  },
  {
    name: 'global rules with brakes',
    draw: ({ dice }) => rules(
      `name: drawn-revive, scope: global, group: entity.kind, when: group.down > 0, do: start, ` +
        `pick: 'entity.state == "down"', ${waits(dice)}${limited(dice, 5)}`,
    ),
  },
  {
    name: 'silences',
    draw: ({ base: { system: { zones, resources }, durationUs }, dice }) => {
      const fromUs = dice.uniform(0.1, 0.7) * durationUs;
      const untilUs = fromUs + dice.uniform(0.05, 0.3) * durationUs;
      const zone = dice.one(zones);
      const groups = resources.flatMap(({ labels: { group } }) => group ?? []);
      const place = dice.one([
        { zone }, { host: `host-${dice.integer(1, 5)}` },
        ...(groups.length === 0 ? [] : [{ group: dice.one(groups) }]),
      ]);
      const value = [{ ...place, from: written(fromUs), until: written(untilUs) }];
      return { changes: [{ path: ['silences'], value }] };
    },
  },
  {
    name: 'coordination.actions.mode',
    choices: ['act', 'observe'],
    draw: ({ dice }) => {
      const value = dice.chance(0.3) ? 'observe' : 'act';
      return { changes: [{ path: ['coordination', 'actions', 'mode'], value }], choice: value };
    },
  },
  {
    name: 'coordination.actions.deadlines',
    choices: ['none', 'kept'],
    draw: ({ dice }) => {
      const isKept = dice.chance(0.5);
      const path = ['coordination', 'actions', 'deadlines'];
      return { changes: [{ path, value: isKept }], choice: isKept ? 'kept' : 'none' };
    },
  },
  {
    name: 'coordination.actions.handOn',
    choices: ['ends', 'goes on'],
    draw: ({ dice }) => {
      const goesOn = dice.chance(0.7);
      const changes = [{ path: ['coordination', 'actions', 'handOn'], value: goesOn }];
      return { changes, choice: goesOn ? 'goes on' : 'ends' };
    },
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
  {
    name: 'rules that undo each other',
    draw: ({ dice }) => {
      const many = dice.integer(1, 6);
      const start = dice.chance(0.5)
        ? `scope: local, when: 'entity.state == "stopped"', do: start`
        : 'scope: global, group: entity.kind, ' +
          `when: 'group.up + group.starting < ${many + dice.integer(1, 6)}', ` +
          `do: start, pick: 'entity.state == "stopped"'`;
      // It gives up, for all has to come to rest.
      const limit = `limit: { atMost: ${dice.integer(5, 60)}, per: 1h, then: give-up }`;
      const stop = dice.chance(0.3)
        ? `scope: local, when: 'entity.state == "up" && entity.name < "worker-${many}"', do: stop`
        : `scope: global, group: entity.kind, when: 'group.up > ${many}', do: stop, ` +
          `pick: 'entity.state == "up"'`;
      return rules(`name: drawn-more, ${start}`, `name: drawn-fewer, ${stop}, ${limit}`);
    },
  },
);
