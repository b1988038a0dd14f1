/** The brakes of who enforces rules, in the order in which they are asked. */
import { Budget, Halt, Unavailable } from './budget.js';
import { Cooldown } from './cooldown.js';
import { DeadHosts } from './dead-hosts.js';
import { Feuds } from './feud.js';
import type { Brake, GateOutlets } from './gate.js';
import { Limits } from './limit.js';
import type { ActionSettings } from './actions.js';
import { Observing } from './observing.js';
import { Silences } from './silence.js';

/**
 * @param unknownFromUs - see {@link Limits}: others may have acted until then; null: nobody has
 * @param shared - of the scenario
 */
export function brakesOf(
  { mode, silences = [], deadlines }: ActionSettings, outlets: GateOutlets,
  unknownFromUs: number | null = null, shared: readonly Brake[] = [],
): Brake[] {
  return [
    new Observing(mode === 'observe'),
    ...(silences.length === 0 ? [] : [new Silences(silences, outlets)]),
    ...(deadlines === true ? [new DeadHosts(outlets)] : []),
    ...shared,
    new Feuds(outlets), new Cooldown(),
    // It may give up: it is asked last, and of what could begin.
    new Limits(outlets, unknownFromUs),
  ];
}

/** With those of the scenario, for the coordinator: it alone sees all. */
export function globalBrakesOf(
  settings: ActionSettings, outlets: GateOutlets, unknownFromUs: number | null,
): Brake[] {
  const shared = (settings.brakes ?? []).flatMap((brake, index): Brake[] => {
    const { budget, halt, unavailable } = brake;
    return [
      ...(halt === null ? [] : [new Halt(brake, halt, outlets)]),
      ...(unavailable === null ? [] : [new Unavailable(brake, unavailable, outlets, index)]),
      ...(budget === null ? [] : [new Budget(brake, budget, outlets, unknownFromUs, index)]),
    ];
  });
  return brakesOf(settings, outlets, unknownFromUs, shared);
}
