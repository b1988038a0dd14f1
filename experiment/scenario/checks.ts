/** What a scenario names has to be there. */
import type { Address } from '../../core/process.js';
import type { Silence } from '../../core/rules/index.js';
import {
  kindNamed, type AnyFault, type BuiltInAction, type FaultAction,
} from '../faults/kinds/index.js';
import type { Inventory } from '../inventory.js';
import { SettingError, suggestion, type Complaint } from '../language/error.js';
import type { ResolvedScenario } from './resolved.js';
import { checkParties } from '../language/targets.js';

/** Where the target is written. */
function pathOf(fault: number, { name, ...kind }: AnyFault, rank: number): (string | number)[] {
  const inner = 'targetsUnder' in kind && kind.targetsUnder ? [kind.targetsUnder] : [];
  return ['faults', fault, name, ...inner, rank];
}

/** Faults may name processes and resources; what they name must exist. */
export function checkNames({ faults }: ResolvedScenario, inventory: Inventory): void {
  const kinds = faults.map(({ action }) => kindNamed(action.kind));
  const named = faults.flatMap(({ action }, index) =>
    'targets' in action
      ? action.targets.flatMap((target, rank) => target.kind !== 'named' ? []
        : [{ name: target.name, index, path: pathOf(index, kinds[index]!, rank) }])
      : []);
  const parties = faults.flatMap(({ action }, index) => {
    const kind = kinds[index];
    return kind?.hits !== 'links' ? [] : (kind.parties?.(action as BuiltInAction) ?? [])
      .map((among) => ({ parties: among.parties, path: ['faults', index, ...among.path] }));
  });
  if (named.length === 0 && parties.length === 0) return;
  const names = namesIn(inventory);
  for (const { parties: these, path } of parties) checkParties(these, path, names.processes);
  for (const { name, index, path } of named) {
    const address = names.processes.get(name);
    if (address === undefined && !names.resources.has(name)) {
      const remedy = `known are coordinator and, numbered from 1, ${names.stems.join('-N, ')}-N`;
      throw new SettingError(path, `there is no ${name}`, remedy);
    }
    const wrong = misnamed(faults[index].action, kinds[index]!, {
      isResource: address === undefined, isManager: (address ?? Infinity) < inventory.managers,
    });
    if (wrong !== null) throw new SettingError(path, wrong.problem, wrong.remedy);
  }
}

/** What such a fault cannot do to such a one; null: it can. */
function misnamed(
  action: FaultAction, kind: AnyFault,
  { isResource, isManager }: { readonly isResource: boolean; readonly isManager: boolean },
): Complaint | null {
  if ('unfit' in kind && kind.unfit !== undefined) {
    return (kind.hits === 'managers' ? !isManager : isResource) ? kind.unfit : null;
  }
  if (!isResource || !('loseState' in action)) return null;
  return { problem: 'resources store nothing', remedy: 'crash their host, or keep the state' };
}

interface Names {
  readonly processes: ReadonlyMap<string, Address>;
  readonly resources: ReadonlySet<string>;
  /** What comes before the number. */
  readonly stems: readonly string[];
}

function namesIn(inventory: Inventory): Names {
  const processes = new Map<string, Address>();
  for (let address = 0; address < inventory.managers + inventory.agents; address += 1) {
    processes.set(inventory.processName(address), address);
  }
  const resources = new Set<string>();
  for (let resource = 0; resource < inventory.resources; resource += 1) {
    resources.add(inventory.descriptor(resource).name);
  }
  const stemOf = (name: string): string => name.slice(0, name.lastIndexOf('-'));
  const stems = [...new Set([...processes.keys(), ...resources].map(stemOf))];
  return { processes, resources, stems };
}

/** @throws SettingError where a silence names nothing. */
export function checkSilences(scenario: ResolvedScenario, inventory: Inventory): void {
  const { silences = [] } = scenario.coordination.actions;
  if (silences.length === 0) return;
  const known = placesOf(inventory);
  for (const [index, { over, name }] of silences.entries()) {
    if (known[over].has(name)) continue;
    const remedy = suggestion(name, [...known[over]].slice(0, 50));
    throw new SettingError(['silences', index, over], `there is no ${over} ${name}`, remedy);
  }
}

function placesOf(inventory: Inventory): Readonly<Record<Silence['over'], ReadonlySet<string>>> {
  const places = { host: new Set<string>(), zone: new Set<string>(), group: new Set<string>() };
  for (let resource = 0; resource < inventory.resources; resource += 1) {
    const { host, zone, labels } = inventory.descriptor(resource);
    places.host.add(host);
    places.zone.add(zone);
    if (labels['group'] !== undefined) places.group.add(labels['group']);
  }
  return places;
}
