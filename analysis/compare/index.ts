export {
  compare, effectsOf, judgedTogether, usualComparison,
  type Compared, type Comparison, type Outcome,
} from './compare.js';
export { readSide, type Side } from './side.js';
export { conditionOf, judge, type Condition, type Judged } from './condition.js';
export { effectText, verdictText } from './words.js';
