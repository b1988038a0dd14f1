import type { Addition } from './addition.js';

/** Waits for a multiple of the timeouts, which is a setting of its own. */
export const detector: Addition = {
  name: 'a detector',
  own: 'core/detection/patient.ts',
  changes: [
    {
      file: 'core/detection/patient.ts',
      put: `import { number, type Settings } from '../settings.js';
import type { BuiltInDetector } from './detector.js';
import { FixedTimeout } from './fixed.js';

const fields = { factor: number(1, 10, { usual: 2, meaning: 'How many timeouts it waits.' }) };

export const patient = {
  fields,
  create: ({ factor }, { timeoutUs }) => new FixedTimeout(factor * timeoutUs),
  limitUs: ({ factor }, { timeoutUs }) => factor * timeoutUs,
  leastUs: ({ factor }, { timeoutUs }) => factor * timeoutUs,
  drawn: [{ factor: { from: 1, to: 4 } }],
} as const satisfies BuiltInDetector<Settings<typeof fields>>;
`,
    },
    {
      file: 'core/detection/create.ts',
      before: 'export const detectors = { fixed: fixedTimeout, ',
      put: "import { patient } from './patient.js';\n",
    },
    {
      file: 'core/detection/create.ts',
      before: "'phi-accrual': phiAccrual } as const",
      put: 'patient, ',
    },
  ],
  scenario: `
duration: 6m
warmUp: 1m
system: { managers: 4, resources: [{ kind: service, count: 8 }] }
coordination: { detection: { name: patient, factor: 1.9 } }
faults: [{ at: 2m, crash: service-3, repairAfter: 2m }]
`,
  // 1.9 times 30 s, less what passed since its last heartbeat.
  works: ({ detection }) => detection.count === 1 && detection.seconds.mean! >= 47,
};
