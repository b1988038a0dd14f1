import type { Addition } from './addition.js';

/** Hosts stand still, as in a pause. */
export const fault: Addition = {
  name: 'a fault of hosts',
  own: 'experiment/faults/kinds/nap.ts',
  changes: [
    {
      file: 'experiment/faults/kinds/nap.ts',
      put: `import { targets, type FaultTarget, type GivenTarget } from '../../language/targets.js';
import type { NodeFault } from './kind.js';
import { readTargets, targetsSettings } from './node-targets.js';

export interface Nap {
  readonly kind: 'nap';
  readonly targets: readonly FaultTarget[];
}

export const nap: NodeFault<Nap, readonly GivenTarget[]> & { readonly name: 'nap' } = {
  name: 'nap',
  settings: targets,
  meaning: 'They stand still for a while.',
  read: (given, reader) => ({ kind: 'nap', targets: readTargets(given, reader) }),
  settingsOf: (action, places) => ({ nap: targetsSettings(action, places) }),
  hits: 'hosts',
  takes: 'time',
  begin: (_action, hands) => hands.pause(),
  end: (_action, hands) => hands.resume(),
  words: { began: (whom) => \`\${whom} fell asleep\`, ended: (whom) => \`\${whom} woke up\` },
};
`,
    },
    {
      file: 'experiment/faults/kinds/index.ts',
      before: '  crash, restart, rolling,',
      put: '  nap,\n',
    },
    {
      file: 'experiment/faults/kinds/index.ts',
      before: "import { partition } from './partition.js';\n",
      put: "import { nap } from './nap.js';\n",
    },
  ],
  scenario: `
duration: 5m
system: { managers: 4, resources: [{ kind: service, count: 8 }] }
faults:
  - { at: 1m, nap: coordinator, repairAfter: 5s }
  - { at: 2m, nap: { hosts: 2 }, repairAfter: 3s }
`,
  works: ({ faults }) => faults.injected === 2,
};
