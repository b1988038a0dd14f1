import type { Addition } from './addition.js';

/** Each message takes so much longer: its stage stands with what else makes messages late. */
export const impairment: Addition = {
  name: 'an impairment',
  own: 'experiment/impairments/lag.ts',
  mayTouch: 2,
  changes: [
    {
      file: 'experiment/impairments/lag.ts',
      put: `import { z } from 'zod';
import type { ImpairmentKind } from './kind.js';
import { tooLate } from './late.js';

export interface Lag {
  readonly kind: 'lag';
  readonly seconds: number;
}

export const lag: ImpairmentKind<Lag, number> & { readonly name: 'lag' } = {
  name: 'lag',
  settings: z.number().min(0),
  meaning: 'Each message takes so many seconds longer.',
  read: (seconds) => ({ kind: 'lag', seconds }),
  settingsOf: ({ seconds }) => seconds,
  harm: ({ seconds }) => ({ delayUs: () => 1e6 * seconds }),
  strength: ({ seconds }) => \`\${seconds} s\`,
  began: (target) => \`messages began to take longer (\${target})\`,
  ended: 'the lag ended',
  unpromised: tooLate,
};
`,
    },
    {
      file: 'experiment/impairments/index.ts',
      before: '  loss, burstyLoss,',
      put: '  lag,\n',
    },
    {
      file: 'experiment/impairments/index.ts',
      before: "import { loss } from './loss.js';\n",
      put: "import { lag } from './lag.js';\n",
    },
    {
      file: 'sim/network/delays.ts',
      before: "  private readonly spikes = new Layers('delaySpikes');\n",
      put: "  private readonly lag = new Layers('lag');\n",
    },
    {
      file: 'sim/network/delays.ts',
      before: 'this.jitter, this.spikes, this.reordering',
      put: 'this.lag, ',
    },
    {
      file: 'sim/network/delays.ts',
      before: '    const jitter = this.jitter.between(sender, receiver);\n',
      put: '    seconds += this.lag.between(sender, receiver)?.seconds ?? 0;\n',
    },
  ],
  scenario: `
duration: 15m
system: { managers: 4, resources: [{ kind: service, count: 8 }] }
faults:
  - { at: 1m, lag: 60, repairAfter: 5m }
`,
  works: ({ faults, messages }) =>
    faults.injected === 1 && (messages.byType['coordinator-missed']?.sent ?? 0) > 0,
};
