/** What a scenario asks for in vain, in words: nothing is wrong with it, but its author may be. */
import type { Descriptor } from '../core/metamodel/entity.js';
import { canApply, concerns, dangersOf, parseRules, type Rule } from '../core/rules/index.js';
import { censusOf } from './faults/index.js';
import { buildInventory, type Inventory } from './inventory.js';
import type { FaultTime, ResolvedScenario } from './scenario/resolved.js';
import { formatDurationUs } from './language/units.js';

/** A sentence for each; empty: there is nothing of the sort. */
export function remarksOn(
  scenario: ResolvedScenario, inventory = buildInventory(scenario),
): string[] {
  return [...faultsInVain(scenario), ...rulesInVain(scenario, inventory)];
}

function faultsInVain({ faults, durationUs }: ResolvedScenario): string[] {
  return faults.flatMap(({ when }, place) => {
    const [fromUs, untilUs] = windowOf(when);
    const never = `faults[${place}] never happens:`;
    const end = formatDurationUs(durationUs);
    if (fromUs >= durationUs) {
      return [`${never} it begins at ${formatDurationUs(fromUs)}, and the run ends at ${end}`];
    }
    if (when.kind === 'trace' && censusOf(when, durationUs, () => 0).outages === 0) {
      return [`${never} its trace has no outage in that window`];
    }
    if (fromUs < untilUs) return [];
    const [from, until] = [fromUs, untilUs].map(formatDurationUs);
    return [`${never} it is to begin from ${from} on and before ${until}`];
  });
}

/** From when on, and before when, it can begin. */
function windowOf(when: FaultTime): readonly [number, number] {
  switch (when.kind) {
    case 'at': return [when.atUs, Infinity];
    case 'trace': return [when.startUs, Infinity];
    default: return [when.fromUs, when.untilUs];
  }
}

function rulesInVain(scenario: ResolvedScenario, inventory: Inventory): string[] {
  if (scenario.rules.length === 0) return [];
  const all = {
    * [Symbol.iterator]() {
      const { resources } = inventory;
      for (let id = 0; id < resources; id += 1) yield inventory.descriptor(id);
    },
  };
  const rules = parseRules(scenario.rules, inventory.kinds);
  const dangers = dangersOf(
    rules, scenario.coordination.inventory !== undefined,
  ).map(({ place: { file, line, column }, problem, remedy }) =>
    `${file}:${line}:${column}: ${problem}; ${remedy}`);
  const never = rules.rules.flatMap((rule) => {
    const why = inVain(rule, all, scenario.durationUs);
    return why === null ? [] : [`rule ${rule.name} (${rule.place}) never ${why}`];
  });
  return [...never, ...dangers];
}

function inVain(
  rule: Rule, resources: Iterable<Descriptor>, durationUs: number,
): string | null {
  const { kinds, scope, forUs } = rule;
  if (!concerns(rule, resources)) {
    const kind = kinds.length === 1 ? ` of kind ${kinds[0]}` : '';
    return scope === 'local'
      ? `fires: there is no resource${kind}` : `fires: no resource${kind} has a group`;
  }
  if (forUs >= durationUs) {
    const [held, end] = [forUs, durationUs].map(formatDurationUs);
    return `fires: its condition is to hold for ${held}, and the run ends at ${end}`;
  }
  if (canApply(rule, resources)) return null;
  return scope === 'local'
    ? 'fires: its condition holds of no resource, whatever becomes of it'
    : 'acts: it picks no resource, whatever becomes of it';
}
