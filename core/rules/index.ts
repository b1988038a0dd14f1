/**
 * Management rules: read from YAML, checked before anything runs, matched incrementally, enforced
 * by actions. A manager owns a {@link LocalRules}, a coordinator a {@link GlobalRules}.
 */
export { type ActionSettings, type RuleOutlets, type UnsignedRequest } from './actions.js';
export { RuleError } from './error.js';
export { GlobalRules } from './global.js';
export { LocalRules, type LocalEntity } from './local.js';
export { parseRules, type RuleSource } from './parse.js';
export type { GlobalRule, LocalRule, Retry, RuleSet } from './rule-set.js';
