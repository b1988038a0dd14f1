/** Scenarios as users might write them, of every shape that the schema takes. */
import fc from 'fast-check';
import { anyText } from '../../any-text.js';

const units = ['us', 'ms', 's', 'm', 'h', 'd', 'y'];
const durationIn = (...names: string[]) =>
  fc
    .tuple(
      fc.oneof(fc.integer({ min: 1, max: 40 }), fc.double({ min: 1, max: 40, noNaN: true })),
      fc.constantFrom(...names),
    )
    .map(([number, unit]) => `${number}${unit}`);
const duration = durationIn(...units);
const share = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }).map((value) => (value === 0 ? 0 : value)),
  fc.integer({ min: 0, max: 100 }).map((value) => `${value}%`),
);
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,6}$/);
const shape = fc.double({ min: 1.5, max: 20, noNaN: true });
const sigma = fc.double({ min: 0.001, max: 2, noNaN: true });
const distributionOf = (duration: fc.Arbitrary<string>) =>
  fc.oneof(
    duration,
    duration.map((constant) => ({ constant })),
    duration.map((exponential) => ({ exponential })),
    fc.record({ uniform: fc.record({ low: fc.constant('1us'), high: duration }) }),
    fc.record({ lognormal: fc.record({ median: duration, sigma }) }),
    fc.record({ lognormal: fc.record({ mean: duration, sigma }) }),
    fc.record({ weibull: fc.record({ scale: duration, shape }) }),
    fc.record({ weibull: fc.record({ mean: duration, shape }) }),
    fc.record({ pareto: fc.record({ minimum: duration, shape }) }),
    fc.record({ pareto: fc.record({ mean: duration, shape }) }),
  );
const distribution = distributionOf(duration);
// Timeouts follow from delays, and even they have to be at most 100y.
const delay = distributionOf(durationIn('us', 'ms', 's'));
const optional = <Value>(record: { [key in keyof Value]: fc.Arbitrary<Value[key]> }) =>
  fc.record(record, { requiredKeys: [] });

const metric = fc.record(
  {
    mean: fc.double({ min: 0.1, max: 1, noNaN: true }),
    deviation: fc.double({ min: 0.1, max: 1, noNaN: true }),
    reversion: duration,
    maximum: fc.double({ min: 1, max: 5, noNaN: true }),
    resolution: fc.double({ min: 0.1, max: 5, noNaN: true }),
  },
  { requiredKeys: ['mean'] },
);
const action = optional({ duration: distribution, failure: share });
const kind = optional({
  startUp: distribution,
  actions: optional({ restart: action, start: action, stop: action }),
  metrics: fc.dictionary(word, metric, { maxKeys: 3 }),
});
const group = fc.record(
  {
    kind: fc.constant('service'),
    count: fc.integer({ min: 3, max: 30 }),
    perHost: fc.integer({ min: 1, max: 5 }),
    labels: fc.dictionary(word, fc.oneof(fc.string(), fc.integer(), fc.boolean()), { maxKeys: 3 }),
    spares: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: ['kind', 'count'] },
);

const phiAccrual = fc.record(
  {
    name: fc.constant('phi-accrual'),
    threshold: fc.double({ min: 1, max: 100, noNaN: true }),
    minDeviation: duration,
    acceptablePause: duration,
    maxTimeout: fc.constant('99y'),
    window: fc.integer({ min: 2, max: 65_535 }),
  },
  { requiredKeys: ['name'] },
);

// Resources crash, and do not pause.
const places = ['zones', 'racks'];
const verb = fc.constantFrom(
  { key: 'crash', kinds: ['managers', 'hosts', 'resources', ...places] },
  { key: 'restart', kinds: ['managers', 'hosts', 'resources', ...places] },
  { key: 'pause', kinds: ['managers', 'hosts', ...places] },
);
const targetOf = (kinds: readonly string[]) =>
  fc.oneof(
    fc.constantFrom('coordinator', 'manager-1', { zone: 'b' }, { rack: 'rack-3' }),
    fc
      .tuple(fc.constantFrom('successors', 'fullest', ...kinds), fc.integer({ min: 1, max: 5 }))
      .map(([kind, count]) => ({ [kind]: count })),
  );
const targetsOf = (kinds: readonly string[]) =>
  fc.oneof(targetOf(kinds), fc.array(targetOf(kinds), { minLength: 1, maxLength: 3 }));
const eachOf = (kinds: readonly string[]) =>
  fc.constantFrom(...kinds).map((kind) => ({ each: kind }));
const rate = fc.oneof(
  fc.integer({ min: 1, max: 5000 }).map((value) => `${value}kbit/s`),
  fc.double({ min: 1, max: 1e6, noNaN: true }).map((value) => `${value}bit/s`),
);
const spells = { good: duration, bad: duration };
const impairments = {
  burstyLoss: fc.record(
    { ...spells, lossGood: share, lossBad: share }, { requiredKeys: ['good', 'bad'] },
  ),
  duplication: share,
  corruption: share,
  jitter: delay,
  delaySpikes: fc.record({ ...spells, delay }),
  reordering: fc.record({ share, delay }),
  bandwidth: fc.record({ rate, queue: durationIn('us', 'ms', 's') }, { requiredKeys: ['rate'] }),
};
const party = fc.oneof(
  fc.constantFrom('coordinator', 'manager-1', 'a', 'b'),
  fc
    .tuple(fc.constantFrom('successors', 'managers', 'hosts'), fc.integer({ min: 1, max: 5 }))
    .map(([kind, count]) => ({ [kind]: count })),
);
const parties = fc.oneof(party, fc.array(party, { minLength: 1, maxLength: 3 }));
const zones = [['a'], ['c', 'b']];
const partition = fc.oneof(
  fc.constantFrom(zones, 'halves'),
  fc.record({ isolate: parties }),
  fc.record({
    oneWay: fc.record({ from: parties, to: parties }, { requiredKeys: ['from'] }),
  }),
  fc.record({ between: fc.record({ these: parties, those: parties }) }),
  fc.record({ bridge: parties, sides: fc.constant(zones) }, { requiredKeys: ['bridge'] }),
);
const impairment = fc.oneof(
  ...Object.entries({ loss: share, ...impairments }).map(([kind, value]) =>
    (value as fc.Arbitrary<unknown>).map((given) => ({ [kind]: given })),
  ),
);
const links = fc
  .tuple(
    fc.oneof(
      partition.map((given) => ({ partition: given })),
      fc.tuple(impairment, optional({ of: parties })).map((parts) => Object.assign({}, ...parts)),
    ),
    optional({
      flapping: fc.record(
        { bad: distribution, good: distribution, atLeast: duration },
        { requiredKeys: ['bad', 'good'] },
      ),
    }),
  )
  .map((parts) => Object.assign({}, ...parts) as object);
const done = fc.oneof(
  verb.chain(({ key, kinds }) => targetsOf(kinds).map((whom) => ({ [key]: whom }))),
  links,
);
const doneAtRandom = fc.oneof(
  verb.chain(({ key, kinds }) => eachOf(kinds).map((whom) => ({ [key]: whom }))),
  links,
);
const lossOfState = fc.tuple(
  fc.constantFrom('crash', 'restart'),
  targetsOf(['managers', 'hosts', ...places]),
).map(([key, whom]) => ({ [key]: whom, loseState: true }));
const paceShare = fc.double({ min: 0.001, max: 0.9, noNaN: true });
const wrongClock = fc.record({
  of: targetsOf(['managers', 'hosts', ...places]),
  step: fc.tuple(fc.constantFrom('ahead', 'back'), duration),
  drift: fc.tuple(fc.constantFrom('fast', 'slow'), paceShare),
}).map(({ of, step: [way, by], drift: [pace, share] }) =>
  ({ clock: { of, [way]: by, [pace]: share } }));
const slowness = fc.record({
  of: targetsOf(['managers', 'hosts', ...places]),
  factor: fc.double({ min: 1, max: 1000, noNaN: true }),
}).map((slow) => ({ slow }));
const condition = fc.record(
  {
    during: fc.constantFrom('election', 'rebuild', 'offer', 'answer', 'hand-over', 'action'),
    after: distribution,
    times: fc.integer({ min: 1, max: 9 }),
    until: fc.constant('41y'),
  },
  { requiredKeys: ['during'] },
);
const repaired = optional({ repairAfter: distribution });
const fault = fc.oneof(
  fc.tuple(duration.map((at) => ({ at })), done, repaired),
  fc.tuple(fc.record({ every: duration, from: duration }, { requiredKeys: ['every'] }), done,
    repaired),
  fc.tuple(fc.record({ random: fc.record({ lifetime: distribution }) }), doneAtRandom, repaired),
  fc.tuple(condition.map((when) => ({ when })), done, repaired),
  fc.tuple(
    condition.map((when) => ({ when })),
    fc.constantFrom('manager', 'host').map((concerned) => ({ crash: { concerned } })), repaired,
  ),
  fc.tuple(duration.map((at) => ({ at })), lossOfState, repaired),
  fc.tuple(duration.map((at) => ({ at })), fc.oneof(wrongClock, slowness), repaired),
  fc.constant([{ at: '1h', heal: 'all' }]),
).map((parts) => Object.assign({}, ...parts) as object);

const latency = fc.oneof(
  delay,
  fc.record({
    zones: fc.record(
      {
        within: delay,
        between: delay,
        pairs: fc.array(fc.record({ zones: fc.constant(['a', 'c']), delay }), {
          maxLength: 2,
        }),
      },
      { requiredKeys: ['within', 'between'] },
    ),
  }),
);

export const settings = fc.record(
  {
    name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/),
    description: fc.oneof(fc.string(), anyText(10)),
    seed: fc.maxSafeNat(),
    duration: fc.constant('41y'),
    warmUp: duration,
    system: fc.record({
      managers: fc.integer({ min: 1, max: 9 }),
      zones: fc.constant(['a', 'b', 'c']),
      racks: fc.integer({ min: 1, max: 3 }),
      clocks: fc.record({
        offset: duration, drift: paceShare, timers: fc.constantFrom('0s', '7us', '1ms'),
      }),
      // So little that defaults which reckon with it stay durations, but not none.
      service: fc.record({ manager: durationIn('us'), agent: durationIn('us') }),
      resources: fc.array(group, { maxLength: 3 }),
      kinds: kind.map((service) => ({ service })),
    }),
    coordination: optional({
      overlay: fc.oneof(
        fc.constantFrom('pastry', 'full-mesh'),
        optional({ probePeriod: duration, heartbeatPeriod: duration }),
      ),
      election: fc.oneof(
        fc.constant('overlay-root'),
        optional({ tries: fc.integer({ min: 1, max: 5 }) }),
      ),
      detection: fc.oneof(fc.constantFrom('fixed', 'phi-accrual'), phiAccrual),
      assignment: fc.constantFrom('least-loaded', 'round-robin', 'consistent-hashing'),
      resources: optional({ heartbeatPeriod: duration, checkPeriod: duration }),
      managers: optional({ heartbeatPeriod: duration }),
      rebuild: duration,
      actions: optional({ timeout: duration, retries: fc.integer({ min: 0, max: 9 }) }),
    }),
    network: optional({ latency, loss: share, ...impairments }),
    faults: fc.array(fault, { maxLength: 5 }),
    invariants: fc.constantFrom('all', 'none'),
    measure: optional({ samples: fc.integer({ min: 2, max: 5000 }), hold: duration }),
    engine: optional({ queue: fc.constantFrom('wheel', 'heap') }),
  },
  { requiredKeys: ['name', 'duration', 'system'] },
);

/** Texts of rule files, harmless but for their layout. */
export const ruleText = fc
  .array(fc.string({ unit: 'grapheme-ascii' }).map((text) => `# ${text}`), { maxLength: 4 })
  .map((lines) => [...lines, 'rules: []', ''].join('\n'));
