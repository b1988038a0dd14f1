/** What never settles: short faults that come again and again until all is healed. */
import type { FaultSettings, FaultTarget } from '../../../../experiment/scenario/resolved.js';
import type { DrawnKind, Material, Span } from './kind.js';
import {
  aHost, aManager, coordinator, crash, crashOfResources, hasHosts, isServed, round, someParties,
  zonesApart,
} from './whom.js';

/** Where such a thing goes on little else can be judged: so they are few. */
const weight = 0.12;
const most = 2;
const second = 1e6;

function one(of: Material): FaultTarget {
  const { dice } = of;
  if (hasHosts(of) && dice.chance(0.2)) return aHost(of);
  return dice.chance(0.5)
    ? coordinator : dice.chance(0.5) ? { kind: 'successors', count: 1 } : aManager(of);
}

/** Again and again, a share of each time that is drawn. */
function again({ scenario, dice }: Material, span: Span): Pick<FaultSettings, 'when' | 'repair'> {
  const periodUs = scenario.coordination.managers.heartbeatPeriodUs;
  const everyUs = toMs(dice.anySize(periodUs / 2, periodUs * 8));
  const lastingUs = toMs(everyUs * dice.uniform(0.02, 0.6));
  return {
    when: { kind: 'every', everyUs, fromUs: span.atUs, untilUs: span.untilUs },
    repair: { kind: 'constant', value: lastingUs / second },
  };
}

/** There and not there in turn. */
function flapping({ scenario, dice }: Material): Pick<FaultSettings, 'repair' | 'flapping'> {
  const periodUs = scenario.coordination.managers.heartbeatPeriodUs;
  const [shortUs, longUs] = [periodUs / 20, periodUs * 4];
  const lasting = () =>
    ({ kind: 'constant', value: toMs(dice.anySize(shortUs, longUs)) / second } as const);
  return { repair: null, flapping: { bad: lasting(), good: lasting(), atLeastUs: 0 } };
}

/** A person will read it. */
function toMs(us: number): number {
  return Math.max(1e3, Math.round(us / 1e3) * 1e3);
}

export const unsettledKinds: readonly DrawnKind[] = [
  {
    name: 'stalls all through',
    weight,
    most,
    draw: (of) => ({ kind: 'pause', targets: [one(of)] }),
    course: again,
  },
  {
    name: 'clocks jump all through',
    weight,
    most,
    draw: (of) => ({
      kind: 'clock',
      targets: [one(of)],
      aheadUs: round(of.dice.anySize(1e5, 1e8)) * (of.dice.chance(0.7) ? 1 : -1),
      drift: 0,
    }),
    course: again,
  },
  {
    name: 'slow spells all through',
    weight: 0.3,
    most,
    unpromised: true,
    draw: (of) => isServed(of)
      ? { kind: 'slow', targets: [one(of)], factor: round(of.dice.anySize(2, 1000)) } : null,
    course: again,
  },
  {
    name: 'hosts crash again and again',
    weight,
    most,
    draw: (of) => crash(hasHosts(of) && of.dice.chance(0.5) ? aHost(of) : aManager(of)),
    course: again,
  },
  {
    name: 'resources crash again and again',
    topic: 'waits',
    weight,
    most,
    draw: crashOfResources,
    course: (of, span) => {
      const { when, repair } = again(of, span);
      const isRepaired = of.scenario.rules.length === 0 || of.dice.chance(0.3);
      return { when, repair: isRepaired ? repair : null };
    },
  },
  {
    name: 'cuts come and go',
    weight,
    most,
    draw: (of) => {
      const groups = of.dice.chance(0.5) ? zonesApart(of) : null;
      if (groups !== null) return { kind: 'partition', groups };
      return { kind: 'partition', cut: { kind: 'isolate', whom: someParties(of) } };
    },
    course: flapping,
  },
  {
    name: 'one-way cuts come and go',
    weight: 0.3,
    most,
    unpromised: true,
    draw: (of) => {
      const to = of.dice.chance(0.3) ? null : [one(of)];
      return { kind: 'partition', cut: { kind: 'oneWay', from: [one(of)], to } };
    },
    course: flapping,
  },
  {
    name: 'loss comes and goes',
    weight,
    most,
    draw: (of) => ({ kind: 'loss', share: round(of.dice.anySize(0.05, 1)) }),
    course: flapping,
  },
];
