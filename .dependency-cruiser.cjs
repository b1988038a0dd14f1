// Arrows run one way: cli -> campaign -> {sim, live, analysis} -> checker -> experiment -> core.
// bench, test and the package's own index.ts may import anything; nothing may import them.
const packages = '(^|/)node_modules/';
const folder = (...names) => `^(${names.join('|')})/`;
const ours = '^(core|experiment|checker|sim|live|analysis|campaign|cli|bench|test)/|^index\\.ts$';

/** Of our own code, `from` may import itself and `allowed`. */
const arrow = (from, ...allowed) => ({
  name: `${from}-imports-only-${['itself', ...allowed].join('-')}`,
  severity: 'error',
  from: { path: folder(from) },
  to: { path: ours, pathNot: folder(from, ...allowed) },
});

module.exports = {
  forbidden: [
    arrow('core'),
    arrow('experiment', 'core'),
    arrow('checker', 'experiment', 'core'),
    arrow('sim', 'checker', 'experiment', 'core'),
    arrow('live', 'checker', 'experiment', 'core'),
    arrow('analysis', 'checker', 'experiment', 'core'),
    arrow('campaign', 'sim', 'live', 'analysis', 'checker', 'experiment', 'core'),
    arrow('cli', 'campaign', 'sim', 'live', 'analysis', 'checker', 'experiment', 'core'),
    {
      name: 'a-live-node-knows-no-run',
      comment: 'what a node needs of the real world serves any scenario, and none',
      severity: 'error',
      from: { path: folder('live/node') },
      to: { path: ours, pathNot: folder('live/node', 'core') },
    },
    {
      name: 'what-recomputes-a-run-shares-nothing-with-what-measures-it',
      comment: 'again.ts makes the run, told.ts compares',
      severity: 'error',
      from: { path: folder('test/recompute'), pathNot: '(again|told|\\.test)\\.ts$' },
      to: {
        path: ours,
        pathNot: [
          folder('test/recompute'), folder('core'),
          '^experiment/(inventory\\.ts$|scenario/)',
        ],
      },
    },
    {
      name: 'core-needs-few-packages',
      comment: 'core is pure: expressions, patterns, YAML text and pure math, nothing else',
      severity: 'error',
      from: { path: folder('core') },
      to: {
        path: packages,
        pathNot: 'node_modules/(@marcbachmann/cel-js|re2js|yaml|@stdlib)/',
      },
    },
    {
      name: 'campaign-knows-nothing-of-the-terminal',
      severity: 'error',
      from: { path: folder('campaign') },
      to: { path: 'node_modules/(yargs|cli-progress|cli-table3|picocolors)/' },
    },
    {
      name: 'core-knows-nothing-of-node',
      severity: 'error',
      from: { path: folder('core') },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'shipped-code-needs-no-development-package',
      severity: 'error',
      from: { path: folder('core', 'experiment', 'checker', 'sim', 'live', 'analysis', 'campaign', 'cli') },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types too: a type imported against the arrows is a wrong arrow.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
