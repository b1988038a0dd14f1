/** Partitions that do not go along the borders of zones: read, checked and written. */
import { Misfit, type ScenarioPath } from './error.js';
import { partySettings, type GivenTarget } from './parties.js';
import type { CutShape, FaultAction, Party } from './resolved.js';

/** As users write them. */
export type GivenCut =
  | 'halves'
  | {
      readonly isolate?: readonly GivenTarget[] | undefined;
      readonly oneWay?: GivenOneWay | undefined;
      readonly between?: GivenBetween | undefined;
      readonly bridge?: readonly GivenTarget[] | undefined;
      readonly sides?: readonly (readonly string[])[] | undefined;
    };

interface GivenOneWay {
  readonly from: readonly GivenTarget[];
  readonly to?: readonly GivenTarget[] | undefined;
}

interface GivenBetween {
  readonly these: readonly GivenTarget[];
  readonly those: readonly GivenTarget[];
}

const shapes = ['isolate', 'oneWay', 'between', 'bridge'] as const;

/** How the parts of a partition are read. */
export interface CutReaders {
  parties(given: readonly GivenTarget[], path: ScenarioPath): Party[];
  groups(given: readonly (readonly string[])[], path: ScenarioPath): number[][];
}

/** @throws Misfit */
export function resolveCut(given: GivenCut, path: ScenarioPath, read: CutReaders): CutShape {
  if (given === 'halves') return { kind: 'halves' };
  const named = shapes.filter((shape) => given[shape] !== undefined);
  if (named.length !== 1) {
    const where = named.length === 0 ? path : [...path, named[1]];
    const remedy = `give groups of zones, halves, or exactly one of ${shapes.join(', ')}`;
    throw new Misfit(where, 'a partition has one shape', remedy);
  }
  const { isolate, oneWay, between, bridge, sides } = given;
  if (sides !== undefined && bridge === undefined) {
    throw new Misfit([...path, 'sides'], 'sides go with bridge', 'remove them');
  }
  if (isolate) return { kind: 'isolate', whom: read.parties(isolate, [...path, 'isolate']) };
  if (bridge) {
    return {
      kind: 'bridge',
      over: read.parties(bridge, [...path, 'bridge']),
      sides: sides === undefined ? null : read.groups(sides, [...path, 'sides']),
    };
  }
  if (between) {
    const side = (key: 'these' | 'those'): Party[] =>
      read.parties(between[key], [...path, 'between', key]);
    return { kind: 'between', these: side('these'), those: side('those') };
  }
  const { from, to } = oneWay!;
  return {
    kind: 'oneWay',
    from: read.parties(from, [...path, 'oneWay', 'from']),
    to: to === undefined ? null : read.parties(to, [...path, 'oneWay', 'to']),
  };
}

/** All parties of an action, and where they stand. */
export function partiesOf(
  action: FaultAction,
  path: ScenarioPath,
): { readonly parties: readonly Party[]; readonly path: ScenarioPath }[] {
  if ('of' in action && action.of !== undefined) {
    return [{ parties: action.of, path: [...path, 'of'] }];
  }
  if (!('cut' in action)) return [];
  const { cut } = action;
  switch (cut.kind) {
    case 'halves':
      return [];
    case 'isolate':
      return [{ parties: cut.whom, path: [...path, 'partition', 'isolate'] }];
    case 'bridge':
      return [{ parties: cut.over, path: [...path, 'partition', 'bridge'] }];
    case 'between':
      return (['these', 'those'] as const).map((key) => {
        return { parties: cut[key], path: [...path, 'partition', 'between', key] };
      });
    case 'oneWay':
      return [
        { parties: cut.from, path: [...path, 'partition', 'oneWay', 'from'] },
        { parties: cut.to ?? [], path: [...path, 'partition', 'oneWay', 'to'] },
      ];
  }
}

/** As a user would write it. */
export function cutSettings(cut: CutShape, zones: readonly string[]): unknown {
  const parties = (these: readonly Party[]): unknown[] =>
    these.map((party) => partySettings(party, zones));
  switch (cut.kind) {
    case 'halves':
      return cut.kind;
    case 'isolate':
      return { isolate: parties(cut.whom) };
    case 'between':
      return { between: { these: parties(cut.these), those: parties(cut.those) } };
    case 'oneWay':
      return {
        oneWay: { from: parties(cut.from), ...(cut.to && { to: parties(cut.to) }) },
      };
    case 'bridge': {
      const sides = cut.sides?.map((group) => group.map((zone) => zones[zone]));
      return { bridge: parties(cut.over), ...(sides && { sides }) };
    }
  }
}
