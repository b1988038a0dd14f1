import type { Addition } from './addition.js';

/** It says hello. */
export const command: Addition = {
  name: 'a command',
  own: 'cli/commands/greet.ts',
  changes: [
    {
      file: 'cli/commands/greet.ts',
      put: `import type { CommandModule } from 'yargs';

export const greet: CommandModule = {
  command: 'greet',
  describe: 'say hello',
  handler: () => console.log('hello'),
};
`,
    },
    {
      file: 'cli/program.ts',
      before: "  completion: async () => (await import('./commands/completion.js')).completion,",
      put: "  greet: async () => (await import('./commands/greet.js')).greet,\n",
    },
  ],
  command: 'greet',
  prints: 'hello\n',
};
