import type { Addition } from './addition.js';

/** A full mesh that says that it knows nobody else to ask. */
export const overlay: Addition = {
  name: 'an overlay',
  own: 'core/overlay/shy.ts',
  changes: [
    {
      file: 'core/overlay/shy.ts',
      put: `import { FullMesh } from './full-mesh.js';

export class ShyMesh extends FullMesh {
  override alternate(): number { return -1; }
}
`,
    },
    {
      file: 'core/overlay/create.ts',
      before: "  'full-mesh': {",
      put: `  shy: {
    fields: overlayFields(2),
    create: (_settings, environment, user, { times, node, managers }) =>
      new ShyMesh(environment, user, times, node, managers),
    terms: fullMeshTerms,
  },
`,
    },
    {
      file: 'core/overlay/create.ts',
      before: 'import { Pastry, pastryTerms }',
      put: "import { ShyMesh } from './shy.js';\n",
    },
  ],
  scenario: '{ duration: 3m, system: { managers: 4 }, coordination: { overlay: shy } }',
  works: (summary) => summary.overlay.name === 'shy',
};
