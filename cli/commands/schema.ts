import type { CommandModule } from 'yargs';
import { rulesJsonSchema } from '../../core/rules/index.js';
import { scenarioJsonSchema } from '../../experiment/scenario/index.js';
import { sweepJsonSchema } from '../../experiment/sweep/index.js';
import { kindOption, type FileKind } from '../options.js';

const schemas: Readonly<Record<FileKind, () => object>> = {
  scenario: scenarioJsonSchema, sweep: sweepJsonSchema, rules: rulesJsonSchema,
};

export const schema: CommandModule<object, { readonly kind: FileKind }> = {
  command: 'schema',
  describe: 'print the JSON Schema of scenarios, sweeps or rules, for editors',
  builder: (yargs) =>
    kindOption(yargs).option('json', {
      type: 'boolean', default: true, describe: 'it is JSON anyway',
    }),
  handler: ({ kind }) => console.log(JSON.stringify(schemas[kind](), null, 2)),
};
