/**
 * Management rules: read from YAML, checked before anything runs, matched incrementally, enforced
 * by actions. A manager owns a {@link LocalRules}, a coordinator a {@link GlobalRules}.
 */
export { actionFields, type ActionSettings } from './action-settings.js';
export type { UnsignedRequest } from './outlets.js';
export { isBraked } from './braked.js';
export type { BrakeSettings, Silence } from './brake-settings.js';
export { canApply, concerns } from './concerns.js';
export { holds } from './condition.js';
export { dangersOf } from './dangers.js';
export { answerWithinUs, expiredWithinUs, lentForUs } from './deadline.js';
export { RuleError } from './error.js';
export { GlobalRules, type GlobalState } from './global.js';
export { rulesJsonSchema } from './json-schema.js';
export { LocalRules, type LocalOutlets } from './local.js';
export type { LocalEntity } from './local-matcher.js';
export type { RuleMemory } from './memory.js';
export { permittedRules } from './permits.js';
export { parseRules } from './parse.js';
export { placeOf } from './silence.js';
export type { Sides } from './thresholds.js';
export { EntityView } from './views.js';
export type { GlobalRule, LocalRule, Retry, Rule, RuleSet } from './rule-set.js';
