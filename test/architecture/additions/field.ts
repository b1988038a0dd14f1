import type { Addition } from './addition.js';

/** Read in the file that it is written in, which tells exploration how to draw it. */
export const field: Addition = {
  name: 'a field of the scenario',
  own: 'core/detection/phi-accrual.ts',
  changes: [
    {
      file: 'core/detection/phi-accrual.ts',
      before: '  window: count(2, 65_535, {',
      put: `  grace: duration({
    usual: '0s', quiet: true, meaning: 'Added to every silence that is tolerated.',
  }),
`,
    },
    {
      file: 'core/detection/phi-accrual.ts',
      before: 'acceptablePauseUs + this.#meanUs',
      put: 'this.#settings.graceUs + ',
    },
    {
      file: 'core/detection/phi-accrual.ts',
      before: "  window: { from: 5, to: 200, unit: 'count' },",
      put: "  grace: { from: 0, to: 1, unit: 'periods' },\n",
    },
  ],
  scenario: `
duration: 20m
system: { managers: 4, resources: [{ kind: service, count: 8 }] }
coordination: { detection: { name: phi-accrual, grace: 2m } }
faults: [{ at: 6m, crash: { managers: 1 }, repairAfter: 8m }]
`,
  // Without it that is noticed in less than a minute.
  works: ({ detection }) => detection.seconds.mean! >= 120,
};
