export { ScenarioError } from '../language/error.js';
export { describeScenario, placeOfField } from './load.js';
export type { OpenScenario } from './open.js';
export * from './resolved.js';
export { faultsYaml, toSettings, toYaml } from './to-yaml.js';
export { scenarioJsonSchema } from './json-schema.js';
