/** What the faults that a scenario lists do to managers and links, at their worst. */
import { seedsOf } from '../../core/coordination/config.js';
import type { Outlook } from '../../core/coordination/index.js';
import type { LinkHarm } from '../../core/observations.js';
import { kindOf, type BuiltInAction } from '../../experiment/faults/kinds/index.js';
import { hasOwnRepair } from '../../experiment/faults/replay.js';
import type {
  FaultAction, FaultSettings, ResolvedScenario,
} from '../../experiment/scenario/resolved.js';
import type { EpisodeFaults } from '../episode-log.js';
import { outlooksBehind } from '../outlooks.js';

/** The part of the line for the coordinator's role that a partition is reckoned to cut off. */
const CUT_OFF_AHEAD = 4;

function doesCut(action: FaultAction): boolean {
  const kind = action.kind === 'from-plugin' ? null : kindOf(action);
  return kind?.hits === 'links' && kind.cuts === true;
}

/** The worst that the faults of the scenario do to the managers, one at a time. */
export function worstEpisode(
  { faults, system, coordination }: ResolvedScenario,
  harm: LinkHarm | null,
): EpisodeFaults {
  const lost = Math.max(1, ...faults.map((fault) => managersHit(fault, system)));
  const ahead = Math.max(0, ...faults.map(successorsHit));
  const splits = faults.some(({ action }) => doesCut(action));
  const places = faults.some((fault) => targetsOf(fault).some(({ kind }) => isPlace(kind)));
  const half = Math.ceil(system.managers / 2);
  return {
    managersLost: lost,
    managersReturned: faults.some(hasOwnRepair) ? 1 : 0,
    coordinatorLost: true,
    managersGone: splits ? Math.max(lost, half) : lost,
    goneAhead: 1 + Math.max(ahead, splits || places ? CUT_OFF_AHEAD : 0),
    coordinatorAsked: false,
    reachabilityChanged: splits,
    linksChanged: false,
    loss: null,
    harm,
    lateUs: harm?.delayUs ?? 0,
    oneSided: false,
    outlooks: outlooksBehind(faults, system, lost, seedsOf(coordination, system.managers)),
  };
}

/** As agents may find managers when they or their resources start, and nothing else is new. */
export function usualOutlooks({ faults, system, coordination }: ResolvedScenario): Outlook[] {
  const { managers } = system;
  const seeds = seedsOf(coordination, managers);
  const forGood = faults
    .filter((fault) => !hasOwnRepair(fault))
    .reduce((sum, fault) => sum + managersHit(fault, system) * (isOnce(fault) ? 1 : managers), 0);
  const gone = Math.max(forGood, Math.floor(managers / 2));
  return outlooksBehind(faults, system, Math.min(gone, managers - 1), seeds);
}

function isOnce({ when }: FaultSettings): boolean {
  return when.kind === 'at';
}

function targetsOf({ action }: FaultSettings): readonly { kind: string; count?: number }[] {
  if (action.kind === 'from-plugin' || !('targets' in action)) return [];
  const kind = kindOf(action);
  return 'takes' in kind && kind.takes !== 'nothing' ? action.targets : [];
}

function managersHit(fault: FaultSettings, system: ResolvedScenario['system']): number {
  const { managers, zones, racks } = system;
  let hit = 0;
  for (const { kind, count } of targetsOf(fault)) {
    if (kind === 'coordinator' || kind === 'concerned') hit += 1;
    else if (['successors', 'managers', 'fullest'].includes(kind)) hit += count ?? 1;
    else hit += (count ?? 1) * managersIn(kind, managers, zones.length, racks);
  }
  return Math.min(hit, managers);
}

function isPlace(kind: string): boolean {
  return ['zone', 'zones', 'rack', 'racks'].includes(kind);
}

/** At most, in a place of that kind; each by itself where the fault is random: one. */
function managersIn(kind: string, managers: number, zones: number, racks: number): number {
  const inZone = Math.ceil(managers / zones);
  if (kind === 'zone' || kind === 'zones') return inZone;
  return kind === 'rack' || kind === 'racks' ? Math.ceil(inZone / racks) : 0;
}

function successorsHit(fault: FaultSettings): number {
  const successors = targetsOf(fault).filter(({ kind }) => kind === 'successors');
  return successors.reduce((sum, { count }) => sum + (count ?? 1), 0);
}

export function lossOf({ action }: FaultSettings): number {
  const kind = action.kind === 'from-plugin' ? null : kindOf(action);
  return kind?.hits === 'links' ? kind.lost?.(action as BuiltInAction) ?? 0 : 0;
}
