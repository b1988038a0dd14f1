import type { Addition } from './addition.js';

/** All resources go to the first manager. */
export const assignment: Addition = {
  name: 'an assignment',
  own: 'core/coordination/assignment-first.ts',
  changes: [
    {
      file: 'core/coordination/assignment-first.ts',
      put: `import type { Assignment } from './assignment.js';

export class First implements Assignment {
  readonly #managers = new Set<number>();
  add(manager: number): void { this.#managers.add(manager); }
  remove(manager: number): void { this.#managers.delete(manager); }
  loaded(): void {}
  choose(_name: string, except: number): number {
    return Math.min(...[...this.#managers].filter((one) => one !== except));
  }
  plan(): [] { return []; }
}
`,
    },
    {
      file: 'core/coordination/assignment.ts',
      before: "  'round-robin': {",
      put: '  first: { create: () => new First() },\n',
    },
    {
      file: 'core/coordination/assignment.ts',
      before: "import type { NodeId } from '../identity.js';\n",
      put: "import { First } from './assignment-first.js';\n",
    },
  ],
  scenario: `
duration: 3m
system: { managers: 4, resources: [{ kind: service, count: 8 }] }
coordination: { assignment: first }
`,
  works: () => true,
};
