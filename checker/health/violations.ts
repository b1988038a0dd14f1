import type { Address } from '../../core/process.js';
import { stateName, type Truth } from '../truth/index.js';
import { LISTED_TWICE, UNHELD, type Component } from './component.js';
import { elsewhere, holderOf } from './holding.js';
import type { Violation } from './listener.js';

/** What health knows, as far as words need it. */
export interface Findings {
  readonly truth: Truth;
  readonly components: readonly Component[];
  /** The only one that matters; null: all do. */
  readonly only: Component | null;
  readonly standing: Uint8Array;
  /** Where to begin the search for a resource that violates; -1 where there was none yet. */
  readonly suspect: number;
  readonly windows: { readonly handOverUs: number; readonly stalenessUs: number };
  readonly nowUs: number;
  isCounted(manager: Address): boolean;
}

/** Every violated condition in words, component by component. */
export function violationsOf(findings: Findings): Violation[] {
  const { only } = findings;
  const judged = findings.components.filter((component) => component.isJudged)
    .filter((component) => only === null || component === only);
  if (judged.length === 0) {
    const zones = findings.truth.inventory.zones.map((_, zone) => zone);
    return [{ condition: 'coordinator', zones, count: 0, words: 'no manager is alive' }];
  }
  return judged.flatMap((component) => [
    ...coordinatorViolations(findings, component),
    ...holdingViolations(findings, component),
    ...modelViolations(findings, component),
  ]);
}

function coordinatorViolations(findings: Findings, component: Component): Violation[] {
  const { truth } = findings;
  const { acting, zones } = component;
  const here = findings.components.indexOf(component);
  const name = (manager: Address): string => truth.inventory.processName(manager);
  const violation = (count: number, words: string): Violation[] => [
    { condition: 'coordinator', zones, count, words },
  ];
  const [only] = acting;
  if (only === undefined) {
    return violation(0, `none of ${plural(component.liveManagers, 'manager')} is coordinator`);
  }
  if (acting.length > 1) {
    return violation(acting.length, `${acting.map(name).join(' and ')} all act as coordinator`);
  }
  const ballot = truth.acting(only);
  const count = component.disagreeing(ballot);
  if (count === 0) return [];
  for (let manager = 0; manager < truth.inventory.managers; manager += 1) {
    if (truth.reachability.componentOf(manager) !== here) continue;
    if (findings.isCounted(manager) && truth.acknowledged(manager) !== ballot) {
      const who = `${plural(count, 'manager')} (${name(manager)} for one)`;
      return violation(count, `${who} not behind coordinator ${name(only)}`);
    }
  }
  return violation(count, `${plural(count, 'manager')} not behind coordinator ${name(only)}`);
}

function holdingViolations(findings: Findings, component: Component): Violation[] {
  const found: Violation[] = [];
  const { zones, unheld, listedTwice } = component;
  if (unheld > 0) {
    const example = exampleOf(findings, component, UNHELD);
    const words = `${plural(unheld, 'live resource')} not held: ${whyUnheld(findings, example)}`;
    found.push({ condition: 'managed', zones, count: unheld, words });
  }
  if (listedTwice > 0) {
    const example = exampleOf(findings, component, LISTED_TWICE);
    const words =
      `${plural(listedTwice, 'resource')} listed twice: ${whereTwice(findings, example)}`;
    found.push({ condition: 'managed', zones, count: listedTwice, words });
  }
  return found;
}

/** Some resource of the component that has the bit: the suspect, or the first after it. */
function exampleOf(
  { truth, components, standing, suspect }: Findings,
  component: Component,
  bit: number,
): number {
  const { agentOf, resources } = truth.inventory;
  const start = Math.max(0, suspect);
  const here = components.indexOf(component);
  for (let step = 0; step < resources; step += 1) {
    const resource = (start + step) % resources;
    if ((standing[resource] & bit) === 0) continue;
    if (truth.reachability.componentOf(agentOf[resource]) === here) return resource;
  }
  return -1;
}

function whyUnheld({ truth }: Findings, resource: number): string {
  const { inventory, pointers, processes, reachability } = truth;
  const who = inventory.descriptor(resource).name;
  const manager = pointers.manager(resource);
  if (manager === -1) return `${who} has no manager`;
  const name = inventory.processName(manager);
  const status = processes.status(manager);
  if (status !== 'up') return `${who} obeys ${name}, which is ${status}`;
  if (!reachability.reach(manager, inventory.agentOf[resource])) {
    return `${who} obeys ${name}, which is out of reach`;
  }
  return `${who} obeys ${name}, which does not list it so`;
}

function whereTwice({ truth, windows, nowUs }: Findings, resource: number): string {
  const holder = holderOf(truth, resource);
  const other = elsewhere(truth, resource, holder, nowUs - windows.handOverUs);
  const { inventory } = truth;
  const held = `${inventory.descriptor(resource).name} is held by ${inventory.processName(holder)}`;
  return `${held}, and ${inventory.processName(other)} lists it still`;
}

function modelViolations(findings: Findings, component: Component): Violation[] {
  const { truth, windows, nowUs } = findings;
  const { leader, model: differences } = component;
  // Without a coordinator there is no model to be wrong: the first condition says it all.
  if (differences === null) return [];
  if (differences.oldestUs + windows.stalenessUs > nowUs) return [];
  const count = differences.countSince(nowUs - windows.stalenessUs);
  const resource = differences.oldest;
  const model = truth.model(leader)!;
  const { resources, inventory } = truth;
  const shown = shows(stateName(model.state(resource)), model.incarnation(resource));
  const out = truth.isResourceOut(resource);
  const state = out ? 'down' : stateName(resources.state(resource));
  const is = shows(state, resources.incarnation(resource));
  const age = ((nowUs - differences.oldestUs) / 1e6).toFixed(1);
  const words =
    `${inventory.processName(leader)}'s model is wrong about ${plural(count, 'resource')}: ` +
    `${inventory.descriptor(resource).name} is ${is}, not ${shown}, for ${age} s`;
  return [{ condition: 'model', zones: component.zones, count, words }];
}

function shows(state: string, incarnation: number): string {
  return state === 'absent' ? 'unknown' : `${state} in life ${incarnation}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
