/** What is sound in a rule and still seldom meant: told when rules are read, with its place. */
import { states, type ResourceState } from '../metamodel/entity.js';
import {
  comparedIn, countedStates, holds, reachOf, type Condition, type Counts,
} from './condition.js';
import { explained, type Place } from './error.js';
import type { GlobalRule, LocalAction, LocalRule, Rule, RuleSet } from './rule-set.js';
import { addsToUp, effects, undoes } from '../verbs/index.js';

export interface Danger {
  readonly place: Place;
  readonly problem: string;
  readonly remedy: string;
  /** Complete, with the line and a caret beneath. */
  readonly message: string;
}

type Acting<R extends Rule> = R & { readonly act: Exclude<R['act'], { readonly verb: 'notify' }> };

function acts<R extends Rule>(rule: R): rule is Acting<R> {
  return rule.act.verb !== 'notify';
}

/** @param tellsApart - whether what is silent is told apart: unknown, unreachable, down */
export function dangersOf({ rules }: RuleSet, tellsApart = false): Danger[] {
  const acting = rules.filter(acts);
  const alone = acting.flatMap((rule) =>
    rule.scope === 'local' ? ofLocal(rule as Acting<LocalRule>) : ofGlobal(rule));
  const pairs = acting.flatMap((rule, index) => acting.slice(0, index).flatMap((other) =>
    meet(rule, other) ? ofPair(other, rule) : []));
  const silent = tellsApart
    ? rules.flatMap((rule) => (rule.scope === 'global' ? ofSilence(rule) : [])) : [];
  return [...alone, ...pairs, ...silent];
}

/** Written where whatever was silent read as down. */
function ofSilence({ act, condition, places }: GlobalRule): Danger[] {
  for (const of of comparedIn(condition)) {
    if (of.down !== 0 && of.unreachable === 0) {
      return [danger(places.when, 'group.down counts only what is silent on a host that answers',
        'write group.down + group.unreachable for all that is silent')];
    }
    if (act.verb !== 'notify' && addsToUp(act.verb) && of.up !== 0 && of.unknown === 0) {
      return [danger(places.when, 'what is only unknown counts as missing here',
        'write group.up + group.unknown')];
    }
  }
  return [];
}

type Global = Acting<GlobalRule>;

function danger(place: Place, problem: string, remedy: string): Danger {
  return { place, problem, remedy, message: explained(place, problem, remedy) };
}

/** The states in which the condition may hold. */
function statesOf(condition: Condition): readonly ResourceState[] {
  return states.filter((state) => holds(condition, { state }) !== false);
}

function ofLocal({ act, condition, places }: Acting<LocalRule>): Danger[] {
  const { verb } = act;
  const { from, after } = effects[verb];
  const possible = statesOf(condition);
  if (!possible.some((state) => from.includes(state))) {
    return [neverApplies(places.act, act, possible)];
  }
  if (after === 'stopped' || holds(condition, { state: after }) !== true) return [];
  return [danger(places.when, `this holds of what is ${after} too, which it is after a ${verb}`,
    `ask for what is to be mended: entity.state == "${from[0]}"`)];
}

function neverApplies(
  place: Place, { verb }: LocalAction, possible: readonly ResourceState[],
): Danger {
  const { from } = effects[verb];
  const what = possible.length === 0 ? 'nothing' : `what is ${possible.join(' or ')}`;
  return danger(place, `${verb} is asked for ${what}, and would always be refused`,
    `it makes sense for what is ${from.join(' or ')}`);
}

function ofGlobal(rule: Global): Danger[] {
  const { act, places, condition } = rule;
  const { verb } = act;
  const sources = sourcesOf(rule);
  if (sources.length === 0) return [neverApplies(places.pick, act, statesOf(act.candidates))];
  const grid = gridOf([condition]);
  if (grid === null) return [];
  const { meanwhile, after } = effects[verb];
  let holdsAnywhere = false;
  for (const counts of grid.counts) {
    for (const source of sources) {
      let now: Counts = { ...counts, [source]: counts[source] + grid.reach };
      if (holds(condition, { counts: now }) !== true) continue;
      holdsAnywhere = true;
      for (let step = 0; step < grid.reach; step += 1) now = moved(now, source, meanwhile);
      if (holds(condition, { counts: now }) === false) return [];
    }
  }
  if (!holdsAnywhere) {
    return [danger(places.when, 'this never holds', 'compare counts that a group can have')];
  }
  const remedy = after === 'stopped' ? 'compare group.up' : 'compare group.up + group.starting';
  return [danger(places.when, `this holds on while what it ${verb}s is ${meanwhile}: ` +
    `the rule would ${verb} every candidate there is`, remedy)];
}

/** As what the candidates may count that the verb makes sense for. */
function sourcesOf({ act }: Global): readonly (keyof Counts)[] {
  const possible = statesOf(act.candidates);
  return countedStates.filter((state) =>
    possible.includes(state) && effects[act.verb].from.includes(state));
}

function moved(counts: Counts, from: keyof Counts, to: keyof Counts): Counts {
  const left = { ...counts, [from]: counts[from] - 1 };
  return { ...left, [to]: left[to] + 1 };
}

/** More would take long to go through, and says nothing new. */
const mostReach = 200;

/** Groups to try: of what conditions compare counts with, and a little more. Null: it is open. */
function gridOf(
  conditions: readonly Condition[],
): { readonly reach: number; readonly counts: readonly Counts[] } | null {
  const reaches = conditions.map(reachOf);
  if (reaches.includes(null)) return null;
  const reach = Math.max(...(reaches as number[])) + 2;
  if (reach > mostReach) return null;
  const counts: Counts[] = [];
  for (let up = 0; up <= reach; up += 1) {
    for (const starting of [0, 1]) {
      for (const stopped of [0, 1]) {
        for (const down of [0, 1, reach]) {
          counts.push({ up, starting, stopped, down, unknown: 0, unreachable: 0 });
        }
      }
    }
  }
  return { reach, counts };
}

/** Whether there may be anything that both act upon. */
function meet(one: Rule, other: Rule): boolean {
  return one.kinds.some((kind) => other.kinds.includes(kind));
}

function ofPair(first: Acting<Rule>, second: Acting<Rule>): Danger[] {
  if (!undoes(first.act.verb, second.act.verb)) return [];
  for (const [one, other] of [[second, first], [first, second]] as const) {
    const found = one.scope === 'local' ? localUndoes(one, other) : null;
    if (found !== null) return [found];
  }
  if (first.scope === 'local' || second.scope === 'local') return [];
  return globalsFight(first, second);
}

/** A local rule that wants back whatever another one has done. */
function localUndoes(rule: Acting<LocalRule>, other: Acting<Rule>): Danger | null {
  const { verb } = rule.act;
  const { after } = effects[other.act.verb];
  if (!effects[verb].from.includes(after)) return null;
  if (holds(rule.condition, { state: after }) !== true) return null;
  return danger(rule.places.when, `this ${verb}s whatever ${other.name} ${other.act.verb}s`,
    `say which of them it is for, or let ${other.name} choose others`);
}

/** From some group on, one leads to where the other holds, and that one back again. */
function globalsFight(first: Global, second: Global): Danger[] {
  if (first.groupText !== second.groupText) return [];
  const grid = gridOf([first.condition, second.condition]);
  if (grid === null) return [];
  for (const counts of grid.counts) {
    if (holds(first.condition, { counts }) !== true) continue;
    for (const source of sourcesOf(first)) {
      if (counts[source] === 0) continue;
      const between = moved(counts, source, effects[first.act.verb].after);
      if (holds(second.condition, { counts: between }) !== true) continue;
      for (const back of sourcesOf(second)) {
        if (between[back] === 0) continue;
        const again = moved(between, back, effects[second.act.verb].after);
        if (holds(first.condition, { counts: again }) !== true) continue;
        return [danger(second.places.when, `${second.name} and ${first.name} undo each other: ` +
          `with ${counts.up} up, ${first.name} would ${first.act.verb} one, and this one ` +
          `${second.act.verb} it`, 'leave room between the two thresholds')];
      }
    }
  }
  return [];
}
