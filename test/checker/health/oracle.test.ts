import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import t from 'tap';
import { conditions, Health, type ConditionChange } from '../../../checker/health/index.js';
import type { Observation } from '../../../core/observations.js';
import { Oracle, type Verdict } from './oracle.js';
import { ballot, makeInventory, token, type Seen } from './world.js';

const shape = { managers: 3, agents: 3, resourcesPerAgent: 2, zones: 2 };
const inventory = makeInventory(shape);
const windows = { registrationUs: 9, handOverUs: 6, stalenessUs: 12 };
const END = 120;

const manager = fc.nat(shape.managers - 1);
const process = fc.nat(shape.managers + shape.agents - 1);
const resource = fc.nat(shape.agents * shape.resourcesPerAgent - 1);
const ballots = [ballot(1, 0), ballot(1, 1), ballot(2, 0), ballot(3, 2)];
const someBallot = fc.constantFrom(...ballots);
// Often the same, so that pointers and listings agree; not always the same object.
const someToken = fc
  .tuple(fc.constantFrom(0, 0, 0, 3), fc.constantFrom(1, 1, 1, 2))
  .map(([index, sequence]) => token({ ...ballots[index] }, sequence));
const state = fc.constantFrom('up', 'up', 'starting', 'stopped', 'down');
const life = fc.integer({ min: 1, max: 2 });

type What = { process: number; observation: Observation };
const about = (
  who: fc.Arbitrary<number>,
  what: fc.Arbitrary<Observation>,
): fc.Arbitrary<What> => fc.record({ process: who, observation: what });
const agentOf = (id: number): number => inventory.agentOf[id];

/** Any three classes of hosts, and messages that pass between them in any way. */
const cut = fc.record({
  classOf: fc.array(fc.nat(2), {
    minLength: shape.managers + shape.agents, maxLength: shape.managers + shape.agents,
  }),
  classes: fc.constant(3),
  passes: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 9, maxLength: 9 }),
});

const anything = fc.oneof(
  { weight: 3, arbitrary: about(process, fc.constant({ type: 'process-up', incarnation: 1 })) },
  { weight: 1, arbitrary: about(process, fc.constant({ type: 'process-down' })) },
  { weight: 1, arbitrary: about(process, fc.constant({ type: 'process-paused' })) },
  { weight: 1, arbitrary: about(process, fc.constant({ type: 'process-resumed' })) },
  {
    weight: 4,
    arbitrary: fc.record({ resource, state, incarnation: life }).map((fields): What => ({
      process: agentOf(fields.resource),
      observation: { type: 'resource-state', ...fields },
    })),
  },
  {
    weight: 4,
    arbitrary: fc.record({ resource, manager, token: someToken }).map((fields): What => ({
      process: agentOf(fields.resource),
      observation: { type: 'pointer-set', ...fields },
    })),
  },
  {
    weight: 1,
    arbitrary: resource.map((id): What => ({
      process: agentOf(id),
      observation: { type: 'pointer-lost', resource: id, why: 'silent' },
    })),
  },
  {
    weight: 4,
    arbitrary: about(
      manager,
      fc.record({ type: fc.constant('listing-added' as const), resource, token: someToken }),
    ),
  },
  {
    weight: 1,
    arbitrary: about(
      manager,
      fc.record({ type: fc.constant('listing-removed' as const), resource }),
    ),
  },
  {
    weight: 3,
    arbitrary: about(
      manager,
      fc.record({ type: fc.constant('ballot-acknowledged' as const), ballot: someBallot }),
    ),
  },
  {
    weight: 1,
    arbitrary: about(
      manager,
      fc.record({ type: fc.constant('coordinator-elected' as const), ballot: someBallot }),
    ),
  },
  {
    weight: 1,
    arbitrary: about(
      manager,
      fc.record({
        type: fc.constant('coordinator-resigned' as const),
        ballot: someBallot,
        successor: someBallot,
      }),
    ),
  },
  {
    weight: 6,
    arbitrary: about(
      manager,
      fc.record({
        type: fc.constant('model-entity' as const),
        resource,
        state,
        incarnation: life,
        manager,
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: about(manager, fc.record({ type: fc.constant('model-forgot' as const), resource })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom([0, 0], [0, 1], [1, 0]).map((groups): What => ({
      process: -1,
      observation: { type: 'reachability', groups },
    })),
  },
  {
    weight: 1,
    arbitrary: cut.map((given): What => ({
      process: -1,
      observation: { type: 'reachability', groups: [0, 0], cut: given },
    })),
  },
);

/** A system in good order, so that not everything is unhealthy all the time. */
function founded(): Seen[] {
  const seen: Seen[] = [];
  const see = (address: number, observation: Observation): void => {
    seen.push({ timeUs: 0, process: address, observation });
  };
  const first = ballots[0];
  for (let address = 0; address < shape.managers + shape.agents; address += 1) {
    see(address, { type: 'process-up', incarnation: 1 });
  }
  see(0, { type: 'coordinator-elected', ballot: first });
  for (let address = 0; address < shape.managers; address += 1) {
    see(address, { type: 'ballot-acknowledged', ballot: first });
  }
  for (let id = 0; id < inventory.resources; id += 1) {
    const given = token(first, 1);
    see(agentOf(id), { type: 'resource-state', resource: id, state: 'up', incarnation: 1 });
    see(id % shape.managers, { type: 'listing-added', resource: id, token: given });
    const pointer = { resource: id, manager: id % shape.managers, token: given };
    see(agentOf(id), { type: 'pointer-set', ...pointer });
    const shown = { resource: id, state: 'up' as const, incarnation: 1, manager: 0 };
    see(0, { type: 'model-entity', ...shown });
  }
  return seen;
}

const sequence = fc
  .tuple(
    fc.boolean(),
    fc.array(fc.tuple(fc.integer({ min: 1, max: END - 30 }), anything), { maxLength: 40 }),
  )
  .map(([good, events]): Seen[] => [
    ...(good ? founded() : []),
    ...events
      .sort(([a], [b]) => a - b)
      .map(([timeUs, what]) => ({ timeUs, ...what })),
  ]);

/** Crashes, restarts and late news of them, so many that old differences have to be cleared. */
const churn = fc
  .array(
    fc.tuple(
      fc.integer({ min: 1, max: END }),
      fc.boolean(),
      fc.record({ resource, state, incarnation: life }),
    ),
    { minLength: 1500, maxLength: 1500 },
  )
  .map((events): Seen[] => [
    ...founded(),
    ...events
      .sort(([a], [b]) => a - b)
      .map(([timeUs, shown, fields]): Seen =>
        shown
          ? { timeUs, process: 0, observation: { type: 'model-entity', ...fields, manager: 0 } }
          : {
              timeUs,
              process: agentOf(fields.resource),
              observation: { type: 'resource-state', ...fields },
            }),
  ]);

function verdictOf(health: Health): Verdict {
  return {
    ...health.conditions(),
    live: health.plane.liveResources,
    held: health.plane.heldResources,
    coordinators: health.plane.coordinators,
    staleness: health.stalenessUs(),
  };
}

t.test('kept up to date, health is at every instant what it is from scratch', (t) => {
  fc.assert(
    fc.property(sequence, (seen) => {
      const health = new Health(inventory, windows);
      for (let now = 0; now <= END; now += 1) {
        health.advance(now);
        for (const { timeUs, process: who, observation } of seen) {
          if (timeUs === now) health.observe(timeUs, who, observation);
        }
        const past = seen.filter(({ timeUs }) => timeUs <= now);
        const expected = new Oracle(inventory, windows, past, now).verdict();
        deepStrictEqual(verdictOf(health), expected, `at ${now}`);
        const violated = new Set(health.violations().map(({ condition }) => condition));
        if (health.plane.judged > 0) {
          for (const condition of ['coordinator', 'managed'] as const) {
            deepStrictEqual(violated.has(condition), !expected[condition], condition);
          }
        }
      }
    }),
    { numRuns: 300, seed: 1 },
  );
  t.pass();
  t.end();
});

t.test('deadlines take effect at their instants, however late they are looked at', (t) => {
  fc.assert(
    fc.property(sequence, (seen) => {
      const told: ConditionChange[] = [];
      const health = new Health(inventory, windows, [
        { conditionChanged: (change) => told.push(change) },
      ]);
      for (const { timeUs, process: who, observation } of seen) {
        health.observe(timeUs, who, observation);
      }
      health.finish(END);
      const expected: ConditionChange[] = [];
      let before: Verdict | null = null;
      for (let now = 0; now <= END; now += 1) {
        const past = seen.filter(({ timeUs }) => timeUs <= now);
        const verdict = new Oracle(inventory, windows, past, now).verdict();
        for (const condition of conditions) {
          if (before !== null && before[condition] === verdict[condition]) continue;
          expected.push({ timeUs: now, condition, holds: verdict[condition] });
        }
        before = verdict;
      }
      deepStrictEqual(told, expected);
    }),
    { numRuns: 300, seed: 2 },
  );
  t.pass();
  t.end();
});

t.test('staleness stays exact over any number of changes', (t) => {
  fc.assert(
    fc.property(churn, (seen) => {
      const health = new Health(inventory, windows);
      for (let now = 0; now <= END; now += 1) {
        health.advance(now);
        for (const { timeUs, process: who, observation } of seen) {
          if (timeUs === now) health.observe(timeUs, who, observation);
        }
        if (now % 20 !== 19) continue;
        const past = seen.filter(({ timeUs }) => timeUs <= now);
        const expected = new Oracle(inventory, windows, past, now).verdict();
        deepStrictEqual(verdictOf(health), expected, `at ${now}`);
      }
    }),
    { numRuns: 10, seed: 3 },
  );
  t.pass();
  t.end();
});
