import { builtIns } from '../../../core/messages.js';
import type { Addition } from './addition.js';

const managers = 4;
/** The next that is free. */
const code = builtIns.length;

/** Managers greet the first of them in each of their periods, and it greets them back once. */
export const message: Addition = {
  name: 'a message',
  own: 'core/coordination/messages.ts',
  changes: [
    {
      file: 'core/coordination/messages.ts',
      before: 'export const coordinationMessages = [\n',
      put: `const managerGreeting = message('manager-greeting', { code: ${code}, periodic: true }, {
  zone: text, back: flag, met: list(index), since: nullable(ballot),
});
`,
    },
    {
      file: 'core/coordination/messages.ts',
      before: '...actionMessages,',
      put: 'managerGreeting, ',
    },
    {
      file: 'core/coordination/messages.ts', before: '  flag, index, list, ', put: '  text,\n',
    },
    {
      file: 'core/coordination/manager.ts',
      before: '    this.#attachment.beat();\n',
      put: `    this.#send(0, {
      type: 'manager-greeting', zone: 'z', back: false, met: [1, 2], since: this.#election.ballot,
    });
`,
    },
    {
      file: 'core/coordination/manager.ts',
      before: "      case 'manager-heartbeat-answer':",
      put: `      case 'manager-greeting':
        if (!message.back) this.#send(from, { ...message, back: true });
        return;
`,
    },
  ],
  scenario: `{ duration: 3m, system: { managers: ${managers} }, network: { corruption: 5% } }`,
  works: ({ messages }) => (messages.byType['manager-greeting']?.sent ?? 0) > 2 * managers,
};
