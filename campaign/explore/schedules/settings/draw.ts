/**
 * Settings by seed: which ones differ from their defaults at all, and how. What the file says
 * stays; what contradicts itself, or would promise nothing in a seed that is to be judged, is left
 * out again.
 */
import { deriveBounds } from '../../../../checker/bounds/index.js';
import { reckonedDelayUs } from '../../../../experiment/latency.js';
import { ScenarioError } from '../../../../experiment/language/error.js';
import type { OpenScenario } from '../../../../experiment/scenario/open.js';
import type { ResolvedScenario } from '../../../../experiment/scenario/resolved.js';
import { readDurationUs } from '../../../../experiment/language/units.js';
import { Dice } from '../dice.js';
import { drawnSettings } from './index.js';
import type { Change } from './setting.js';

/** Most seeds have few settings that differ: of many, one would hide the other. */
const shares = [0, 0.08, 0.15, 0.3, 0.5] as const;
/** So many seeds promise something, if the scenario does. */
const promising = 0.85;
/** So many of the seeds with rules of their own have no others: these would be there first. */
const alone = 0.4;
/** A bound that is longer than so many times that of the scenario takes too long to wait for. */
const longest = 3;

export interface Settled {
  readonly scenario: ResolvedScenario;
  /** By name, what was drawn: a choice, or nothing to tell. */
  readonly drawn: Readonly<Record<string, string>>;
  /** Field by field. */
  readonly changes: readonly Change[];
}

interface Taken {
  readonly name: string;
  readonly choice: string;
  readonly changes: readonly Change[];
  readonly rules: string | undefined;
}

export function drawSettings(open: OpenScenario, base: ResolvedScenario, seed: number): Settled {
  const dice = new Dice(seed, 'settings');
  const share = dice.one(shares);
  const { recoveryUs } = deriveBounds({ ...base, faults: [] });
  const isPromising = dice.chance(promising) && recoveryUs !== null;
  // Rules promise nothing, and take longest to read.
  const fitting = (taken: readonly Taken[]): ResolvedScenario | null => {
    const scenario = resolved(open, taken);
    if (scenario === null) return null;
    const bound = deriveBounds(scenario).recoveryUs;
    const isFit = bound === null || isHasty(scenario)
      ? !isPromising : bound <= longest * (recoveryUs ?? Infinity);
    return isFit ? scenario : null;
  };
  let taken = drawAll(open, base, seed, share);
  let scenario = taken.length === 0 ? base : fitting(taken);
  while (scenario === null) {
    taken = withoutOne(taken, firstUnfit(taken, (some) => fitting(some) !== null));
    scenario = taken.length === 0 ? base : fitting(taken);
  }
  return {
    scenario: { ...scenario, rules: rulesOf(base, taken, seed) },
    drawn: Object.fromEntries(taken.map(({ name, choice }) => [name, choice])),
    changes: taken.flatMap(({ changes }) => changes),
  };
}

/** The one with which those before it are fit no more: to try out each alone would take long. */
function firstUnfit(
  taken: readonly Taken[], isFit: (some: readonly Taken[]) => boolean,
): string {
  let [fit, unfit] = [0, taken.length];
  while (unfit - fit > 1) {
    const middle = (fit + unfit) >> 1;
    if (isFit(taken.slice(0, middle))) fit = middle;
    else unfit = middle;
  }
  return taken[unfit - 1].name;
}

/** And without what is drawn with it only. */
function withoutOne(taken: readonly Taken[], gone: string): readonly Taken[] {
  const bound = new Map(drawnSettings.map((setting) => [setting.name, setting.with]));
  return taken.filter(({ name }) => name !== gone && bound.get(name) !== gone);
}

/** Takes for dead who has had no time to answer. */
function isHasty({ coordination, network }: ResolvedScenario): boolean {
  const roundTripUs = 2 * reckonedDelayUs(network);
  const { overlay, election } = coordination;
  return Math.min(overlay.hopTimeoutUs, election.tryTimeoutUs) < roundTripUs;
}

function drawAll(
  open: OpenScenario, base: ResolvedScenario, seed: number, share: number,
): readonly Taken[] {
  const taken: Taken[] = [];
  const { resources, managers } = base.coordination;
  let [resourcesUs, managersUs] = [resources.heartbeatPeriodUs, managers.heartbeatPeriodUs];
  for (const setting of drawnSettings) {
    const { name, with: other } = setting;
    // Each by dice of its own: a setting that is added takes nothing from any other.
    const dice = new Dice(seed, `setting/${name}`);
    const isOf = other === undefined
      ? dice.chance(share) : taken.some((one) => one.name === other);
    const drawn = isOf ? setting.draw({ dice, base, resourcesUs, managersUs }) : null;
    if (drawn === null) continue;
    const changes = drawn.changes.filter(({ path }) => !open.says(path));
    const isWhole = changes.length === drawn.changes.length;
    if (!isWhole && (drawn.apart !== true || changes.length === 0)) continue;
    taken.push({ name, choice: drawn.choice ?? '', changes, rules: drawn.rules });
    const period = (who: string): number | undefined => periodIn(changes, who);
    resourcesUs = period('resources') ?? resourcesUs;
    const own = period('managers');
    if (own !== undefined) managersUs = own;
    else if (!open.says(managersPeriod) && period('resources')) managersUs = resourcesUs;
  }
  return taken;
}

const managersPeriod = ['coordination', 'managers', 'heartbeatPeriod'];

function periodIn(changes: readonly Change[], who: string): number | undefined {
  const change = changes.find(({ path }) => path[1] === who && path[2] === 'heartbeatPeriod');
  const reading = change && readDurationUs(change.value);
  return reading && 'value' in reading ? reading.value : undefined;
}

/** Those that were drawn, and mostly those of the file. */
function rulesOf(
  base: ResolvedScenario, taken: readonly Taken[], seed: number,
): ResolvedScenario['rules'] {
  const drawn = taken.flatMap(({ name, rules: text }) =>
    text === undefined ? [] : [{ file: `${name.replaceAll(' ', '-')}.yaml`, text }]);
  const areAlone = drawn.length > 0 && new Dice(seed, 'rules').chance(alone);
  return areAlone ? drawn : [...base.rules, ...drawn];
}

/** Without rules and faults; null: it contradicts itself. */
function resolved(open: OpenScenario, taken: readonly Taken[]): ResolvedScenario | null {
  try {
    const none = ['rules', 'faults'].map((part) => ({ path: [part], value: [] }));
    return open.resolve([...none, ...taken.flatMap(({ changes }) => changes)]);
  } catch (error) {
    if (error instanceof ScenarioError) return null;
    throw error;
  }
}
