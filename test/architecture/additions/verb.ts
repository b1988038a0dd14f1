import type { Addition } from './addition.js';

/** Restarts what is up: whoever serves is renewed. */
export const verb: Addition = {
  name: 'a verb',
  own: 'core/verbs/renew.ts',
  changes: [
    {
      file: 'core/verbs/renew.ts',
      put: `import { verbKind } from './verb.js';

export const renew = verbKind({
  name: 'renew', from: ['up'], meanwhile: 'starting', after: 'up', interrupts: true, usual: '3s',
});
`,
    },
    {
      file: 'core/verbs/index.ts',
      before: "import { restart } from './restart.js';\n",
      put: "import { renew } from './renew.js';\n",
    },
    {
      file: 'core/verbs/index.ts',
      before: '] as const;',
      put: ', renew',
    },
  ],
  scenario: `
duration: 10m
system:
  managers: 4
  resources: [{ kind: service, count: 8 }]
  kinds: { service: { actions: { renew: { duration: 1s } } } }
rules:
  - file: r.yaml
    text: >-
      rules: [{ name: r, scope: local, when: entity.state == "up", do: renew, for: 1m,
      cooldown: 5m, retry: { delay: 1h } }]
`,
  works: ({ rules }) => rules.actions.succeeded >= 8,
};
