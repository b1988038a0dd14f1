/** What the numbers of summary.json mean, for the dictionary of a sweep's tables. */
import type { Column } from '../tables/index.js';

type Said = Omit<Column, 'name'>;

const NOTHING = 'there was nothing to measure';

function count(unit: string, meaning: string): Said {
  return { type: 'integer', unit, meaning, whenNull: null };
}

function number(unit: string, meaning: string, whenNull: string | null = NOTHING): Said {
  return { type: 'number', unit, meaning, whenNull };
}

function text(meaning: string, whenNull: string | null): Said {
  return { type: 'text', unit: null, meaning, whenNull };
}

function statistics(base: string, meaning: string): Readonly<Record<string, Said>> {
  const names = { mean: 'mean', p50: 'median', p95: '95th percentile', p99: '99th percentile',
    max: 'greatest' };
  return Object.fromEntries(Object.entries(names).map(([name, of]) =>
    [`${base}.${name}`, number('s', `${of} of: ${meaning}`)]));
}

function detection(base: string, whom: string): Readonly<Record<string, Said>> {
  return {
    [`${base}.count`]: count('crashes', `noticed, of ${whom}`),
    [`${base}.missed`]: count('crashes', `of ${whom}, over before anyone suspected it`),
    [`${base}.falsePositives`]: count(
      'suspicions', `of ${whom} that was up, not paused and in reach of who suspected it`,
    ),
    ...statistics(`${base}.seconds`, `from the crash of ${whom} to its manager's suspicion`),
  };
}

const known: Readonly<Record<string, Said>> = {
  digest: text('of observations, counts and final state: same run, same digest', 'a live run'),
  eventDigest: text('of every event', 'a live run'),
  simulatedSeconds: number('s', 'length of the run', null),
  warmUpSeconds: number('s', 'of it left out of all but final', null),
  events: count('events', 'that the simulator handled'),
  'messages.sent': count('messages', 'every hop and acknowledgement'),
  'messages.duplicated': count('messages', 'copies that the network made'),
  'messages.delivered': count('messages', 'that reached a process that was up'),
  'messages.dropped': count('messages', 'lost, of whatever cause'),
  'messages.inFlight': count('messages', 'on their way at the end, less those at the warm-up\'s'),
  'messages.bytes': count('bytes', 'of messages.sent'),
  'overlay.name': text('of the managers\' overlay', null),
  'overlay.maintenanceMessages': count('messages', 'that kept the overlay'),
  'overlay.maintenanceBytes': count('bytes', 'of overlay.maintenanceMessages'),
  'overlay.perManagerSecond': number(
    'messages/s', 'overlay.maintenanceMessages per live manager', 'no manager ever lived',
  ),
  'overlay.hops.count': count('routes', 'to a key that came to its root'),
  'overlay.hops.mean': number('hops', 'mean of a route'),
  'overlay.hops.max': { ...count('hops', 'of the longest route'), whenNull: NOTHING },
  'faults.injected': count('faults', 'after the warm-up'),
  ...detection('detection', 'whatever crashed'),
  'detection.pending': count('crashes', 'still unsuspected when the run ended'),
  ...detection('detection.byTarget.resource', 'a resource'),
  ...detection('detection.byTarget.manager', 'a manager that does not coordinate'),
  ...detection('detection.byTarget.coordinator', 'the coordinator'),
  'elections.count': count('elections', 'after a coordinator was lost'),
  'elections.roleChanges': count('changes', 'a manager took the role that it did not have'),
  ...statistics('elections.seconds', 'from the loss of the coordinator to the ballot that lasts'),
  'recovery.episodes': count('episodes', 'in which the management plane was not healthy'),
  'recovery.censored': count('episodes', 'still open when the run ended'),
  'recovery.boundSeconds': number('s', 'B for one fault', 'nothing can be promised'),
  'recovery.promised': text('why nothing can be promised', 'B is promised'),
  'recovery.bounded': count('episodes', 'for whose own faults a bound was promised'),
  'recovery.maxSettleShare': number(
    '1', 'largest share of its bound that an episode took to settle', 'no episode had a bound',
  ),
  'recovery.perFault.count': count('faults', 'recovered from'),
  'recovery.perFault.censored': count('faults', 'not recovered from when the run ended'),
  ...statistics('recovery.perFault', 'from a fault until all it took away was managed again'),
  ...statistics('recovery.settle', 'from the last t0 of an episode to its end'),
  ...statistics('recovery.seconds', 'length of an episode'),
  'recovery.extraMessages': number(
    'messages', 'in episodes, beyond those of a plane in peace', null,
  ),
  'recovery.extraBytes': number('bytes', 'of recovery.extraMessages', null),
  'repair.count': count('resources', 'up again after a crash'),
  'repair.unrepaired': count('resources', 'still down when the run ended'),
  ...statistics('repair.seconds', 'from the crash of a resource until it was up again'),
  'staleness.boundSeconds': number('s', 'delta', 'nothing can be promised'),
  ...statistics('staleness.seconds', "age of the oldest change that the coordinator's model lacks"),
  ...statistics('staleness.whileHealthy', 'the same while the plane was healthy'),
  'rules.fired': count('times', 'a rule fired'),
  'rules.actions.started': count('actions', 'begun'),
  'rules.actions.succeeded': count('actions', 'that did what they should'),
  'rules.actions.failed': count('actions', 'that did not'),
  'rules.actions.refused': count('actions', 'refused, since things had changed'),
  'rules.actions.unknown': count('actions', 'of which nobody knows whether they were done'),
  'rules.actions.expired': count('actions', 'of which nothing was heard in time'),
  'rules.actions.dropped': count('actions', 'of who had no say over the resource any more'),
  'rules.actions.lost': count('actions', 'of who went down: nobody knows their end'),
  'rules.actions.underWay': count('actions', 'when the run ended'),
  'rules.actions.duplicated': count('actions', 'done twice for one incarnation'),
  'rules.brakes.gaveUp': count('times', 'a rule gave up at its limit'),
  'rules.brakes.resumed': count('times', 'a rule that had given up took up again'),
  'rules.brakes.fights': count('times', 'rules were found to undo each other'),
  'moves.balance': count('resources', 'moved to even out the load'),
  'moves.leave': count('resources', 'moved because their manager left'),
  'leaves.count': count('managers', 'that were told to go and went'),
  ...statistics('leaves.seconds', 'from being told to go until gone'),
  'needless.actions': count('actions', 'on what was up and taken for down'),
  'needless.moves': count('resources', 'that left a manager who was there'),
  'needless.elections': count('elections', 'beside a coordinator in reach'),
  'availability.managedShare': number('1', 'of live resources that live managers hold, over time'),
  'availability.resourcesUpShare': number('1', 'of resources meant to be up that are, over time'),
  'invariants.broken': count('invariants', 'that broke'),
  'final.healthy': {
    type: 'boolean', unit: null, meaning: 'whether the plane was at the end', whenNull: null,
  },
  'final.coordinators': count('managers', 'that coordinate at the end'),
  'final.managers': count('managers', 'alive at the end'),
  'final.resources': count('resources', 'alive at the end'),
  'final.unmanaged': count('resources', 'alive at the end that no live manager holds'),
};

/** Names that depend on the run. */
const open: readonly [RegExp, (name: string) => Said][] = [
  [/^messages\.droppedBy\.(.+)$/, (cause) => count('messages', `dropped because of ${cause}`)],
  [/^messages\.byType\.(.+)\.sent$/, (type) => rare('messages', `${type} sent`, 'none was sent')],
  [/^messages\.byType\.(.+)\.bytes$/, (type) => rare('bytes', `of ${type} sent`, 'none was sent')],
  [/^faults\.byKind\.(.+)$/, (kind) => rare('faults', `injected: ${kind}`, 'none was')],
  [
    /^detection\.falsePositivesBy\.(.+)$/,
    (cause) => count('suspicions', `of what was up, because of ${cause}`),
  ],
  [/^rules\.brakes\.held\.(.+)$/, (cause) => rare('wishes', `held back: ${cause}`, 'none was')],
  [/^rules\.byRule\.(.+)$/, (rule) => rare('times', `that ${rule} fired`, 'it did not')],
];

function rare(unit: string, meaning: string, whenNull: string): Said {
  return { ...count(unit, meaning), whenNull };
}

/** Undefined: no scalar of a summary is called so. */
export function aboutScalar(name: string): Said | undefined {
  if (Object.hasOwn(known, name)) return known[name];
  for (const [pattern, said] of open) {
    const match = pattern.exec(name);
    if (match) return said(match[1]);
  }
  return undefined;
}
