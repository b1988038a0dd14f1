/** The brakes of who enforces rules, in the order in which they are asked. */
import { Budget, Halt, Unavailable } from './budget.js';
import { Cooldown } from './cooldown.js';
import { lentForUs } from './deadline.js';
import { DeadHosts } from './dead-hosts.js';
import { Feuds } from './feud.js';
import type { Brake, GateOutlets } from './gate.js';
import { Limits } from './limit.js';
import type { ActionSettings } from './action-settings.js';
import { Observing } from './observing.js';
import type { RuleSet } from './rule-set.js';
import { Silences } from './silence.js';

interface Given {
  readonly rules: RuleSet;
  /** See {@link Limits}: others may have acted until then; null: nobody has. */
  readonly unknownFromUs?: number | null;
  /** Of the scenario, for who sees all. */
  readonly shared?: readonly Brake[];
  /** Of the scenario, for who does not. */
  readonly permits?: readonly Brake[];
}

export function brakesOf(
  { mode, silences = [], deadlines }: ActionSettings, outlets: GateOutlets,
  { rules, unknownFromUs = null, shared = [], permits = [] }: Given,
): Brake[] {
  return [
    new Observing(mode === 'observe'),
    ...(silences.length === 0 ? [] : [new Silences(silences, outlets)]),
    ...(deadlines === true ? [new DeadHosts(outlets)] : []),
    ...shared,
    new Feuds(rules, outlets), new Cooldown(),
    // It may give up: it is asked of what could begin.
    new Limits(outlets, unknownFromUs),
    // What is permitted and not used is lost to others for a while: it is asked for last.
    ...permits,
  ];
}

/**
 * Those of the scenario, for the coordinator: it alone sees all.
 *
 * @param lends - managers do on its permits what these count
 */
export function sharedBrakesOf(
  settings: ActionSettings, outlets: GateOutlets, unknownFromUs: number | null, lends: boolean,
): Brake[] {
  const lentUs = lends ? lentForUs(settings) : 0;
  // What its predecessor permitted may still be carried out.
  const fromUs = unknownFromUs === null ? null : unknownFromUs + lentUs;
  return (settings.brakes ?? []).flatMap((brake, index): Brake[] => {
    const { budget, halt, unavailable } = brake;
    return [
      ...(halt === null ? [] : [new Halt(brake, halt, outlets)]),
      ...(unavailable === null ? []
        : [new Unavailable(brake, unavailable, outlets, index, lentUs)]),
      ...(budget === null ? [] : [new Budget(brake, budget, outlets, fromUs, index)]),
    ];
  });
}
