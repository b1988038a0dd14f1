/** Brakes over all rules: `brakes` and `silences` of a scenario, read, checked and printed. */
import { z } from 'zod';
import { parseRules, type BrakeSettings, type Silence } from '../../core/rules/index.js';
import type { Inventory } from '../inventory.js';
import { Misfit, suggestion } from './error.js';
import { duration, period, share } from './fields.js';
import type { ResolvedScenario } from './resolved.js';
import { formatDurationUs } from './units.js';

const verbs = ['restart', 'start', 'stop'] as const;
const atMost = () => z.number().int().min(1).max(10_000_000);

export const brakesSchema = z
  .array(z.strictObject({
    over: z
      .enum(['run', 'zone', 'group'])
      .default('run')
      .describe('What counts together: all there is, each zone, or each label `group`.'),
    of: z
      .array(z.enum(verbs))
      .min(1)
      .default([...verbs])
      .describe('The actions that it counts and holds.'),
    atMost: atMost().optional().describe('So many actions in any window of time.'),
    per: period().optional().describe('The length of that window.'),
    halt: share()
      .optional()
      .describe('Nothing begins while more than this share of what should be up is down.'),
    unavailable: z
      .strictObject({ atMost: atMost() })
      .optional()
      .describe('So many may be down at a time because rules stop or restart them.'),
  }))
  .default([])
  .describe('What global rules may do together. Local rules are not under them yet.');

export const silencesSchema = z
  .array(z.strictObject({
    host: z.string().optional(),
    zone: z.string().optional(),
    group: z.string().optional().describe('The label `group` of resources.'),
    from: duration().prefault('0s'),
    until: period().describe('When it ends, by the clocks of the managers.'),
  }))
  .default([])
  .describe('Rules do nothing for a time to the resources of a host, a zone or a group.');

interface Given {
  readonly brakes: z.output<typeof brakesSchema>;
  readonly silences: z.output<typeof silencesSchema>;
}

/** What of it is asked for; nothing is left out of what core is told. */
export function resolveBrakes({ brakes, silences }: Given): {
  readonly brakes?: readonly BrakeSettings[]; readonly silences?: readonly Silence[];
} {
  return {
    ...(brakes.length === 0 ? {} : { brakes: brakes.map(resolveBrake) }),
    ...(silences.length === 0 ? {} : { silences: silences.map(resolveSilence) }),
  };
}

function resolveBrake(
  { over, of, per: perUs, halt, unavailable, ...given }: Given['brakes'][number], index: number,
): BrakeSettings {
  const path = ['brakes', index];
  if ((given.atMost === undefined) !== (perUs === undefined)) {
    const [has, lacks] = perUs === undefined ? ['atMost', 'per'] : ['per', 'atMost'];
    throw new Misfit(path, `a brake with ${has} and without ${lacks}`, `add ${lacks}`);
  }
  const budget = perUs === undefined ? null : { atMost: given.atMost!, perUs };
  if (budget === null && halt === undefined && unavailable === undefined) {
    throw new Misfit(path, 'this brake holds nothing', 'add atMost and per, halt or unavailable');
  }
  return { over, of, budget, halt: halt ?? null, unavailable: unavailable?.atMost ?? null };
}

function resolveSilence(
  { from: fromUs, until: untilUs, ...places }: Given['silences'][number], index: number,
): Silence {
  const named = (['host', 'zone', 'group'] as const).filter((over) => places[over] !== undefined);
  const [over] = named;
  if (over === undefined || named.length > 1) {
    const problem = named.length === 0 ? 'this silences nothing' : 'a silence is of one place';
    throw new Misfit(['silences', index], problem, 'name one of host, zone and group');
  }
  if (untilUs <= fromUs) {
    throw new Misfit(['silences', index, 'until'], 'it ends before it begins', 'make it later');
  }
  return { over, name: places[over]!, fromUs, untilUs };
}

/** @throws Misfit where a brake cannot hold what it says, or a silence names what is not there. */
export function checkBrakes(scenario: ResolvedScenario, inventory: Inventory): void {
  const { brakes = [], silences = [] } = scenario.coordination.actions;
  if (brakes.length > 0) {
    const { rules } = parseRules(scenario.rules, inventory.kinds);
    for (const [index, { of }] of brakes.entries()) {
      const rule = rules.find(({ scope, act }) =>
        scope === 'local' && act.verb !== 'notify' && of.includes(act.verb));
      if (rule === undefined) continue;
      const problem = `it counts ${rule.act.verb}, which the local rule ${rule.name} does ` +
        'without asking the coordinator';
      const remedy = 'leave that verb out of `of` and give the rule a limit, or make it global';
      throw new Misfit(['brakes', index], problem, remedy);
    }
  }
  if (silences.length === 0) return;
  const known = placesOf(inventory);
  for (const [index, { over, name }] of silences.entries()) {
    if (known[over].has(name)) continue;
    const remedy = suggestion(name, [...known[over]].slice(0, 50));
    throw new Misfit(['silences', index, over], `there is no ${over} ${name}`, remedy);
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

/** As a user would write it. */
export function brakeSettings({ actions }: ResolvedScenario['coordination']): object {
  const { brakes, silences } = actions;
  return {
    ...(brakes && { brakes: brakes.map(brakeWords) }),
    ...(silences && {
      silences: silences.map(({ over, name, fromUs, untilUs }) => ({
        [over]: name, from: formatDurationUs(fromUs), until: formatDurationUs(untilUs),
      })),
    }),
  };
}

function brakeWords({ over, of, budget, halt, unavailable }: BrakeSettings): object {
  return {
    over,
    of,
    ...(budget && { atMost: budget.atMost, per: formatDurationUs(budget.perUs) }),
    ...(halt === null ? {} : { halt }),
    ...(unavailable === null ? {} : { unavailable: { atMost: unavailable } }),
  };
}
