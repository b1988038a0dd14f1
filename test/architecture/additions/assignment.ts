import type { Addition } from './addition.js';

/** All resources go to the first manager. */
export const assignment: Addition = {
  name: 'an assignment',
  own: 'core/coordination/assignment/first.ts',
  changes: [
    {
      file: 'core/coordination/assignment/first.ts',
      put: `import type { Assignment, AssignmentImplementation } from './assignment.js';

class First implements Assignment {
  readonly #managers = new Set<number>();
  add(manager: number): void { this.#managers.add(manager); }
  remove(manager: number): void { this.#managers.delete(manager); }
  loaded(): void {}
  choose(_name: string, except: number): number {
    return Math.min(...[...this.#managers].filter((one) => one !== except));
  }
  plan(): [] { return []; }
}

export const first: AssignmentImplementation = { create: () => new First() };
`,
    },
    {
      file: 'core/coordination/assignment/create.ts',
      before: "  'round-robin': roundRobin,",
      put: '  first,\n',
    },
    {
      file: 'core/coordination/assignment/create.ts',
      before: "import { leastLoaded } from './least-loaded.js';\n",
      put: "import { first } from './first.js';\n",
    },
  ],
  scenario: `
duration: 3m
system: { managers: 4, resources: [{ kind: service, count: 8 }] }
coordination: { assignment: first }
`,
  works: () => true,
};
