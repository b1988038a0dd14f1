import type { Addition } from './addition.js';

/** Read in the file that it is written in; exploration draws it, as it does every field. */
export const field: Addition = {
  name: 'a field of the scenario',
  own: 'core/rules/actions.ts',
  changes: [
    {
      file: 'core/rules/actions.ts',
      before: "  mode: choice(['act', 'observe'], {",
      put: `  pause: duration({
    usual: '0s', quiet: true, meaning: 'Added to what passes after an attempt that failed.',
  }),
`,
    },
    { file: 'core/rules/actions.ts', before: 'period, type Settings }', put: 'duration, ' },
    {
      file: 'core/rules/actions.ts',
      before: 'delayUs;\n    const nextUs',
      put: '(this.#settings.pauseUs ?? 0) + ',
    },
    {
      file: 'campaign/explore/schedules/settings/coordination.ts',
      before: "  field(of('actions.retries')",
      put: `  field(of('actions.pause'), ({ dice, resourcesUs }) =>
    written(resourcesUs * dice.anySize(0.1, 10))),
`,
    },
  ],
  scenario: `
duration: 20m
system:
  managers: 4
  resources: [{ kind: service, count: 8 }]
  kinds: { service: { actions: { restart: { failure: 50% } } } }
coordination: { actions: { pause: 2m } }
rules:
  - file: r.yaml
    text: 'rules: [{ name: r, scope: local, when: entity.state == "down", do: restart }]'
faults: [{ at: 2m, crash: { resources: 8 } }]
`,
  // Some fail; without the pause all are up after less than a minute.
  works: ({ recovery }) => recovery.perFault.max! >= 120,
};
