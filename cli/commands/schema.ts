import type { CommandModule } from 'yargs';
import { scenarioJsonSchema } from '../../experiment/scenario/index.js';

export const schema: CommandModule = {
  command: 'schema',
  describe: 'print the JSON Schema of scenarios, for editors',
  builder: (yargs) =>
    yargs.option('json', { type: 'boolean', default: true, describe: 'it is JSON anyway' }),
  handler: () => console.log(JSON.stringify(scenarioJsonSchema(), null, 2)),
};
