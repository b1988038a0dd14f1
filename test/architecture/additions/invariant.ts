import type { Addition } from './addition.js';

/** Nobody is ever suspected: not kept where a resource crashes. */
export const invariant: Addition = {
  name: 'an invariant',
  own: 'checker/invariants/nobody-suspected.ts',
  changes: [
    {
      file: 'checker/invariants/nobody-suspected.ts',
      put: `import type { Heard } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { Watch } from './watch.js';

export class NobodySuspected extends Watch {
  static readonly title = 'nobody-suspected';
  static readonly meaning = 'No manager suspects a resource.';
  readonly hears = ['resource-suspected'] as const;

  observe(timeUs: number, process: Address, { resource }: Heard<NobodySuspected['hears']>): void {
    this.break(timeUs, \`\${this.process(process)} suspects \${this.resource(resource)}\`);
  }
}
`,
    },
    {
      file: 'checker/invariants/registry.ts',
      before: 'interface InvariantClass {',
      put: "import { NobodySuspected } from './nobody-suspected.js';\n",
    },
    {
      file: 'checker/invariants/registry.ts',
      before: '  OneCoordinatorPerBallot,\n',
      put: '  NobodySuspected,\n',
    },
  ],
  scenario: `
duration: 6m
warmUp: 1m
system: { managers: 4, resources: [{ kind: service, count: 8 }] }
invariants: [nobody-suspected]
faults: [{ at: 2m, crash: service-3, repairAfter: 2m }]
`,
  works: ({ invariants: { broken } }) => broken.map(({ name }) => name).join() ===
    'nobody-suspected',
};
