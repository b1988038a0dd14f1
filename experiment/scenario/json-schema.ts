import { z } from 'zod';
import { scenarioSchema } from './scenario.js';

/** What editors complete and check scenarios by. Cross-checks between fields are beyond it. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(scenarioSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  return { title: 'Howdah scenario', ...schema };
}
