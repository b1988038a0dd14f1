import { z } from 'zod';
import { sweepSchema } from './settings.js';

/** What editors complete and check sweeps by. */
export function sweepJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(sweepSchema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  return { title: 'Howdah sweep', ...schema };
}
