/**
 * Swarm exploration: each seed draws which kinds of faults there are at all, how many of each, and
 * when. What a mix of everything hides, a schedule of two kinds shows (Groce, Zhang, Eide, Chen and
 * Regehr, "Swarm testing", ISSTA 2012).
 */
import { deriveBounds } from '../../../checker/bounds/index.js';
import { unpromised } from '../../../checker/bounds/links.js';
import { noPlugins } from '../../../checker/plugins.js';
import { overlayTerms } from '../../../core/overlay/index.js';
import { buildInventory, type Inventory } from '../../../experiment/inventory.js';
import { clockFactor } from '../../../experiment/slowness.js';
import type { Registry } from '../../../experiment/plugins.js';
import type { OpenScenario } from '../../../experiment/scenario/open.js';
import type { FaultSettings, ResolvedScenario } from '../../../experiment/scenario/resolved.js';
import { Dice } from './dice.js';
import { drawnKinds, guestKinds, type DrawnKind, type Topic } from './kinds/index.js';
import { drawSettings } from './settings/draw.js';
import { drawnSettings } from './settings/index.js';
import { startUs } from './start.js';

const second = 1e6;
/** Near-coincidences are where protocols go wrong: so many moments, around which faults crowd. */
const moments = 3;
const mostOfAKind = 8;
/** Which share of the kinds a seed has: of all, one would hide the other. */
const sharesOfKinds = [0.25, 0.5, 0.75] as const;
/** With settings drawn too, some seeds have a fault or two only: others would hide them. */
const widerShares = [0.03, 0.08, 0.2, 0.4, 0.7] as const;
/** And some go on for so many times as long, where faults are few. */
const longest = 4;
const fewKinds = 0.1;
/** Where rules have much to do, some seeds leave them so long for it between faults and healing. */
const lull = { share: 0.4, leastUs: 60 * second, mostUs: 600 * second } as const;
/** And so many have the same resources crash over and over, or limits would not be reached. */
const overAndOver = 0.3;
/** What takes longer to settle is not waited for. */
const longestBalanceUs = 400 * second;
/** The quiet after the healing, where nothing is promised in so long. */
const quietWithoutBoundUs = 600 * second;

export interface Exploration {
  /** With the drawn faults, a healing of all of them, and time to become well. */
  readonly scenario: ResolvedScenario;
  /** How many faults of each kind were drawn. */
  readonly drawn: Readonly<Record<string, number>>;
  /** Which settings were drawn, and which choice of each. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Which kinds of faults a seed has. */
export interface Draws {
  /** Theirs beside those that come along. */
  readonly plugins?: Registry;
  /** All of these, and no others; undefined: some, as the seed has it. */
  readonly only?: readonly string[] | undefined;
  /** What share of them; default: one that the seed draws. */
  readonly share?: number;
  /** Kinds of these topics beside those that a seed has anyway. */
  readonly topics?: ReadonlySet<Topic>;
  /** From the end of the faults to the healing of what lasts; default: none. */
  readonly lullUs?: number;
  /** The quiet lasts until loads have to be even as well, or names are where they belong. */
  readonly settles?: boolean;
  /** So many, each as likely as any other: few show what all the others would hide. */
  readonly kinds?: number | undefined;
}

/**
 * As {@link explorationOf}, where the seed draws settings too, as far as the file leaves them to
 * their defaults.
 */
export function widerExplorationOf(
  open: OpenScenario, base: ResolvedScenario, seed: number, how: Draws = {},
): Exploration {
  const { scenario, drawn } = drawSettings(open, base, seed);
  const dice = new Dice(seed, 'wider');
  const share = dice.one(widerShares);
  const times = share < fewKinds && dice.chance(0.3) ? dice.anySize(1, longest) : 1;
  const { warmUpUs, durationUs } = scenario;
  const healUs = warmUpUs + Math.ceil(((durationUs - warmUpUs) * times) / second) * second;
  const inventory = buildInventory(scenario);
  const longer = { ...scenario, durationUs: healUs };
  const topics = topicsOf(drawn);
  const hasLull = topics.has('rules') && dice.chance(lull.share);
  if (topics.has('rules') && dice.chance(overAndOver)) topics.add('waits');
  const lullUs = hasLull ? toMs(dice.anySize(lull.leastUs, lull.mostUs)) : 0;
  const draws = { share, topics, lullUs, settles: topics.has('loads'), ...how };
  return { ...explorationOf(longer, inventory, seed, draws), settings: drawn };
}

function topicsOf(drawn: Exploration['settings']): Set<Topic> {
  const settings = drawnSettings.filter(({ name }) => Object.hasOwn(drawn, name));
  return new Set(settings.flatMap(({ topic }) => topic ?? []));
}

/**
 * The scenario that a seed stands for: faults come between the warm-up and the end of `base`; then,
 * perhaps after a lull, all is healed, and the run goes on until all has to be well. The faults are
 * concrete, timed or waiting for a phase, so that the scenario can be kept, read and made smaller.
 * The faults of `base` are left out.
 */
export function explorationOf(
  base: ResolvedScenario, inventory: Inventory, seed: number, how: Draws = {},
): Exploration {
  const { warmUpUs: fromUs, durationUs: untilUs } = base;
  const healUs = untilUs + (how.lullUs ?? 0);
  const swarm = new Dice(seed, 'swarm');
  const crowds = crowdsOf(base, swarm);
  const drawn = new Map<string, number>();
  const faults: FaultSettings[] = [];
  for (const kind of kindsOf(seed, swarm, how)) {
    if (drawn.size === how.kinds) break;
    const dice = new Dice(seed, kind.name);
    const count = Math.floor(dice.anySize(1, (kind.most ?? mostOfAKind) + 1));
    for (let index = 0; index < count; index += 1) {
      const material = { scenario: base, inventory, dice };
      const action = kind.draw(material);
      if (action === null) continue;
      drawn.set(kind.name, (drawn.get(kind.name) ?? 0) + 1);
      const atUs = timeOf(dice, crowds, fromUs, untilUs);
      const lasting = kind.lasting === true && base.rules.length > 0 && dice.chance(0.7);
      const repair = lasting ? null : durationOf(base, dice);
      faults.push({ action, when: kind.waitsFor === undefined ? { kind: 'at', atUs } : {
        kind: 'during', during: kind.waitsFor, after: { kind: 'constant', value: 0 }, times: 1,
        fromUs: atUs, untilUs,
      }, repair, ...kind.course?.(material, { atUs, untilUs }) });
    }
  }
  faults.sort((a, b) => startUs(a) - startUs(b));
  faults.push({ action: { kind: 'heal' }, when: { kind: 'at', atUs: healUs }, repair: null });
  const scenario = { ...base, seed, faults };
  return {
    scenario: { ...scenario, durationUs: healUs + wholeQuietUs(scenario, how.settles === true) },
    drawn: Object.fromEntries(drawn),
    settings: {},
  };
}

/** As {@link quietUs}; with loads to be settled after that, unless it takes too long. */
function wholeQuietUs(scenario: ResolvedScenario, settles: boolean): number {
  const quiet = quietUs(scenario);
  const { recoveryUs, balanceUs } = deriveBounds({ ...scenario, faults: [] });
  if (!settles || recoveryUs === null || balanceUs > longestBalanceUs) return quiet;
  return Math.max(quiet, Math.ceil((recoveryUs + balanceUs) / second) * second);
}

/** In most seeds only such for which a bound holds: it is not judged otherwise. */
function kindsOf(
  seed: number, swarm: Dice,
  { plugins = noPlugins, only, share: given, topics, kinds: count }: Draws,
): readonly DrawnKind[] {
  const bounded = swarm.chance(0.7);
  const offered = [...drawnKinds, ...guestKinds(plugins)];
  const all = only === undefined ? offered : offered.filter(({ name }) => only.includes(name));
  // By dice of its own: a kind that is added takes nothing from any other.
  const dice = (name: string): Dice => new Dice(seed, `kind/${name}`);
  if (count !== undefined) {
    const places = new Map(all.map((kind) => [kind, dice(kind.name).next()]));
    // In that order: what this system has nothing of leaves its place to the next.
    return all.sort((one, other) => places.get(one)! - places.get(other)!);
  }
  if (only !== undefined) return all;
  const kinds = all.filter(({ unpromised: never }) => !(bounded && never));
  const drawn = swarm.one(sharesOfKinds);
  const share = given ?? drawn;
  const on = kinds.filter(({ name, weight = 1, topic }) =>
    dice(name).chance(share * weight) || (topic !== undefined && topics?.has(topic) === true));
  return on.length === 0 ? [swarm.one(kinds)] : on;
}

/**
 * Time to become well, and to show that it stays so. It takes longer where there are faults during
 * which nothing is promised: no bound covers what they leave behind.
 */
export function quietUs(scenario: ResolvedScenario): number {
  const bounds = [scenario, { ...scenario, faults: [] }].map((one) => deriveBounds(one).recoveryUs);
  const longestUs = Math.max(...bounds.map((boundUs) => boundUs ?? 0));
  const movedUs = movedWithinUs(scenario);
  // At a usual pace all is where it belongs before bounds are over; else that comes on top.
  const settledUs = longestUs + (movedUs > longestUs ? movedUs : 0);
  const enoughUs = 1.5 * settledUs + scenario.measure.holdUs;
  const exceptions = scenario.faults.filter((fault) => unpromised(fault, 0) !== null);
  const isPromised = longestUs > 0 && exceptions.length === 0;
  const leastUs = isPromised ? 0 : quietWithoutBoundUs;
  // Who is next to whom may take longer to know than health does.
  const { coordination, system: { managers } } = scenario;
  const ringUs = overlayTerms(coordination).wholeUs(coordination.overlay, managers);
  const wholeUs = clockFactor(scenario) * ringUs;
  return Math.max(leastUs, Math.ceil(Math.max(enoughUs, wholeUs) / second) * second);
}

/** One manager may have all resources, and give them away at the configured pace. */
function movedWithinUs({ coordination, system }: ResolvedScenario): number {
  const { managers: { heartbeatPeriodUs }, rebalance: { perPeriod } } = coordination;
  if (perPeriod === 0) return 0;
  const all = system.resources.reduce((sum, { count }) => sum + count, 0);
  return Math.ceil(all / perPeriod) * heartbeatPeriodUs;
}

interface Crowds {
  readonly momentsUs: readonly number[];
  readonly spreadUs: number;
}

function crowdsOf({ warmUpUs, durationUs, coordination }: ResolvedScenario, dice: Dice): Crowds {
  const periodUs = coordination.managers.heartbeatPeriodUs;
  return {
    momentsUs: Array.from({ length: moments }, () => dice.uniform(warmUpUs, durationUs)),
    spreadUs: dice.anySize(periodUs / 20, periodUs * 8),
  };
}

/** Half of the time anywhere, half of the time soon after one of the moments. */
function timeOf(dice: Dice, crowds: Crowds, fromUs: number, untilUs: number): number {
  const atUs = dice.chance(0.5)
    ? dice.uniform(fromUs, untilUs)
    : dice.one(crowds.momentsUs) + dice.uniform(0, crowds.spreadUs);
  return Math.min(toMs(atUs), untilUs - second);
}

/** From a blink to many times what it takes to be given up. */
function durationOf({ coordination }: ResolvedScenario, dice: Dice): FaultSettings['repair'] {
  const periodUs = coordination.managers.heartbeatPeriodUs;
  return { kind: 'constant', value: toMs(dice.anySize(periodUs / 20, periodUs * 12)) / second };
}

/** A person will read it. */
function toMs(us: number): number {
  return Math.round(us / 1e3) * 1e3;
}
