import type { Addition } from './addition.js';

/** As by the overlay's root, but each who is elected says so twice. */
export const election: Addition = {
  name: 'an election',
  own: 'core/election/loud.ts',
  changes: [
    {
      file: 'core/election/loud.ts',
      put: `import type { Ballot } from '../identity.js';
import type { Overlay } from '../overlay/index.js';
import type { Environment } from '../process.js';
import type { ElectionUser } from './election.js';
import type { ElectionMessage } from './messages.js';
import { OverlayRootElection, type ElectionOptions } from './overlay-root.js';

export class LoudElection extends OverlayRootElection {
  constructor(
    environment: Environment<ElectionMessage>, overlay: Overlay<ElectionMessage>,
    user: ElectionUser, options: ElectionOptions,
  ) {
    const elected = (ballot: Ballot): void => {
      overlay.broadcast({ type: 'coordinator-announce', ballot });
      user.elected(ballot);
    };
    super(environment, overlay, { ...user, elected }, options);
  }
}
`,
    },
    {
      file: 'core/election/create.ts',
      before: "  'overlay-root': {",
      put: `  loud: {
    fields: electionFields,
    create: (config, environment, overlay, user, site) =>
      new LoudElection(environment, overlay, user, { ...site, config }),
    terms: overlayRootTerms,
  },
`,
    },
    {
      file: 'core/election/create.ts',
      before: 'import { OverlayRootElection }',
      put: "import { LoudElection } from './loud.js';\n",
    },
  ],
  scenario: `
duration: 3m
system: { managers: 4 }
coordination: { election: loud, overlay: full-mesh }
`,
  // Twice to each of the others.
  works: ({ messages }) => messages.byType['overlay-broadcast']?.sent === 2 * 3,
};
