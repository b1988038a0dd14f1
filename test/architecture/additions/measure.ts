import type { Addition } from './addition.js';

/** How often processes stood still. */
export const measure: Addition = {
  name: 'a measure of the summary',
  own: 'analysis/measures/pauses.ts',
  changes: [
    {
      file: 'analysis/measures/pauses.ts',
      put: `import { count, type ValuesOf } from './fields.js';
import { measure, type Measure } from './measure.js';

const fields = { pauses: { count: count('pauses', 'of a process, in the whole run') } };

export class Pauses implements Measure<typeof fields> {
  readonly hears = ['process-paused'] as const;
  private paused = 0;

  observe(): void {
    this.paused += 1;
  }

  summary(): ValuesOf<typeof fields> {
    return { pauses: { count: this.paused } };
  }
}

export const pauses = measure(fields, () => new Pauses());
`,
    },
    {
      file: 'analysis/measures/index.ts',
      before: '  repairs, staleness, succession,',
      put: '  pauses,\n',
    },
    {
      file: 'analysis/measures/index.ts',
      before: "import { recovery } from './recovery.js';\n",
      put: "import { pauses } from './pauses.js';\n",
    },
  ],
  scenario: `
duration: 3m
system: { managers: 4, resources: [{ kind: service, count: 8 }] }
faults: [{ at: 1m, pause: { managers: 2 }, repairAfter: 5s }]
`,
  works: ({ pauses }) => pauses?.count === 2,
};
