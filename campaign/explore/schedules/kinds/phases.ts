/** What strikes at work under way, for each phase: those who are at it, and others. */
import { phases } from '../../../../experiment/faults/phases.js';
import type { FaultAction, FaultTarget, Phase } from '../../../../experiment/scenario/resolved.js';
import type { DrawnKind, Material, Span } from './kind.js';
import { aHost, aManager, coordinator, crash, hasHosts } from './whom.js';

const weight = 0.25;
const second = 1e6;

export const phaseKinds: readonly DrawnKind[] = phases.flatMap((phase) => [
  {
    name: `crashes during: ${phase}`,
    weight,
    waitsFor: phase,
    draw: (of) => can(of, phase) ? {
      ...crash(someone(of, phase)),
      ...(of.dice.chance(0.7) ? { afterCalls: Math.floor(of.dice.anySize(1, 100)) - 1 } : {}),
      ...(of.dice.chance(0.2) ? { loseState: true as const } : {}),
    } : null,
    course: (of, span) => during(of, phase, span),
  },
  {
    name: `other faults during: ${phase}`,
    weight,
    waitsFor: phase,
    draw: (of) => can(of, phase) ? another(of, phase) : null,
    course: (of, span) => during(of, phase, span),
  },
] satisfies DrawnKind[]);

/** Actions are of rules. */
function can({ scenario }: Material, phase: Phase): boolean {
  return phase !== 'action' || scenario.rules.length > 0;
}

function someone(of: Material, phase: Phase): FaultTarget {
  const { dice } = of;
  if (dice.chance(0.5)) {
    const isOfManagers = phase === 'election' || phase === 'rebuild' || dice.chance(0.5);
    return { kind: 'concerned', who: isOfManagers ? 'manager' : 'host' };
  }
  const others = [coordinator, { kind: 'successors', count: 1 } as const, aManager(of)];
  return dice.one(hasHosts(of) ? [...others, aHost(of)] : others);
}

function another(of: Material, phase: Phase): FaultAction {
  const target = someone(of, phase);
  const isManager = target.kind !== 'named' || target.name.startsWith('manager-');
  const canLeave = isManager && !(target.kind === 'concerned' && target.who === 'host');
  switch (of.dice.integer(0, 4)) {
    case 0:
      return { kind: 'pause', targets: [target] };
    case 1:
      return { kind: 'partition', cut: { kind: 'isolate', whom: [target] } };
    case 2:
      return { kind: 'restart', targets: [target] };
    case 3:
      return { kind: 'loss', share: 1, of: [target] };
    default:
      return canLeave ? { kind: 'leave', targets: [target] } : { kind: 'pause', targets: [target] };
  }
}

/** At once or a little later, and up to three times. */
function during({ dice }: Material, phase: Phase, { atUs, untilUs }: Span) {
  const delayS = dice.chance(0.5) ? 0 : Math.round(dice.anySize(1e3, 2e6) / 1e3) * 1e3 / second;
  return {
    when: {
      kind: 'during', during: phase, after: { kind: 'constant', value: delayS },
      times: dice.integer(1, 3), fromUs: atUs, untilUs,
    },
  } as const;
}
