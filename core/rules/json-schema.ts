import { limitKeys, whenFull } from './parse.js';
import { verbs } from '../verbs/index.js';

const text = (description: string): object => ({ type: 'string', description });
const duration = { type: 'string', pattern: '^\\d+(\\.\\d+)? ?(us|ms|s|m|h|d)$' };
const names = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] };
const open = { additionalProperties: false, patternProperties: { '^x-': {} } };

const limitProperties: Readonly<Record<(typeof limitKeys)[number], object>> = {
  atMost: { type: 'integer', minimum: 1 },
  per: duration,
  ['then' as const]: { enum: whenFull, description: 'When it is reached; default: wait.' },
  reset: { ...duration, description: 'What was given up is tried again after that.' },
};

/** One property per key that a rule may have. */
export const ruleProperties = {
  name: text('Unique among all rules of a run.'),
  description: text('For readers.'),
  scope: { enum: ['local', 'global'], description: 'Enforced by managers, or the coordinator.' },
  kind: { ...names, description: 'Of resources; default: all kinds.' },
  let: {
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
    description: 'Constants that expressions may name.',
  },
  when: { type: ['string', 'boolean'], description: 'The condition, in CEL.' },
  for: { ...duration, description: 'How long the condition must have held without a break.' },
  do: { enum: verbs, description: 'What is done; or notify.' },
  notify: text('A text to put on record, in CEL; or do.'),
  retry: {
    type: 'object',
    properties: {
      delay: duration, factor: { type: 'number', minimum: 1 }, max: duration,
      stable: { ...duration, description: 'A success counts once it has lasted so long.' },
    },
    ...open,
    description: 'How long after an action that did not succeed the next one follows.',
  },
  cooldown: { ...duration, description: 'From one action or notice on a subject to the next.' },
  limit: {
    type: 'object',
    // An object with a key `then` would pass for a promise.
    properties: Object.fromEntries(limitKeys.map((key) => [key, limitProperties[key]])),
    required: ['atMost', 'per'],
    ...open,
    description: 'At most so many actions in so long a time on a subject.',
  },
  mode: { enum: ['act', 'observe'], description: 'observe: tells what it would do, does nothing.' },
  group: text('Global: names the group of an entity, in CEL; default: one group of all.'),
  pick: { type: ['string', 'boolean'], description: 'Global: which members may be taken, in CEL.' },
  order: { type: ['string', 'number'], description: 'Global: the least comes first, in CEL.' },
} as const;

/** What editors complete and check rule files by. */
export function rulesJsonSchema(): Record<string, unknown> {
  const rule = {
    type: 'object', properties: ruleProperties, required: ['name', 'scope', 'when'], ...open,
  };
  return {
    title: 'Howdah rules',
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { rules: { type: 'array', items: rule, description: 'In any order.' } },
    required: ['rules'],
    ...open,
  };
}
