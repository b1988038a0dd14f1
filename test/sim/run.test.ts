import fc from 'fast-check';
import t from 'tap';
import type { BuiltInMessage } from '../../core/messages.js';
import type { Environment, Process } from '../../core/process.js';
import { buildInventory } from '../../experiment/inventory.js';
import type {
  FaultAction,
  FaultSettings,
  FaultTime,
  ResolvedScenario,
} from '../../experiment/scenario/resolved.js';
import type { RunHooks, RunResult } from '../../experiment/world.js';
import { runSimulation } from '../../sim/index.js';
import { constant, note, quietHooks, scenarioOf, SECOND, total } from './world/fixture.js';

/** Sends to everyone in turn, at random times, and answers what it gets. */
const gossip = (processes: number) => {
  const make = (environment: Environment) => {
    const { random } = environment;
    const again = (): void => {
      environment.setTimer(Math.floor(random.next() * SECOND), 1, 0);
    };
    const process: Process = {
      start: again,
      receive: (from, message: BuiltInMessage) => {
        if (message.type !== 'overlay-ack' || message.hop === 0) return;
        environment.send(from, note(message.hop - 1));
        environment.observe({ type: 'mark', name: `got ${message.hop}` });
      },
      onTimer: () => {
        environment.send(Math.floor(random.next() * processes), note(2));
        again();
      },
    };
    return { ...process, onActuated: () => {} };
  };
  return { manager: make, agent: make };
};

function run(scenario: ResolvedScenario, hooks: RunHooks = quietHooks()): Promise<RunResult> {
  const inventory = buildInventory(scenario);
  const processes = gossip(inventory.managers + inventory.agents);
  return runSimulation(scenario, inventory, hooks, { processes });
}

const network = {
  latency: { kind: 'same', delay: { kind: 'uniform', low: 0, high: 0.2 } },
  loss: 0.05,
} as const;

const instants = fc.integer({ min: 0, max: 20 }).map((second) => second * SECOND);
const times: fc.Arbitrary<FaultTime> = fc.oneof(
  instants.map((atUs) => ({ kind: 'at', atUs }) as const),
  instants.map((fromUs) => {
    return { kind: 'every', everyUs: 3 * SECOND, fromUs, untilUs: 15 * SECOND } as const;
  }),
);
const actions: fc.Arbitrary<FaultAction> = fc.oneof(
  fc.constantFrom('managers', 'hosts', 'resources').chain((kind) =>
    fc.integer({ min: 1, max: 3 }).map((count) => {
      return { kind: 'crash', targets: [{ kind, count }] } as const;
    }),
  ),
  fc.constant({ kind: 'pause', targets: [{ kind: 'hosts', count: 2 }] } as const),
  fc.constant({ kind: 'partition', groups: [[0], [1]] } as const),
  fc.constant({ kind: 'loss', share: 0.5 } as const),
  fc.constant({ kind: 'heal' } as const),
);
const timed: fc.Arbitrary<FaultSettings> = fc.record({
  action: actions,
  when: times,
  repair: fc.constantFrom(null, constant(2), { kind: 'exponential', mean: 3 } as const),
});

t.test('the same seed gives the same run, with either queue; another seed another', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(timed, { maxLength: 5 }), fc.nat(999), async (faults, seed) => {
      const choices = { seed, faults, network, zones: 2, durationUs: 20 * SECOND };
      const first = await run(scenarioOf(choices));
      const again = await run(scenarioOf(choices));
      const heap = await run(scenarioOf({ ...choices, queue: 'heap' }));
      const other = await run(scenarioOf({ ...choices, seed: seed + 1 }));
      const { sent, delivered, dropped } = first.counters;
      const lost = Object.values(dropped).reduce((sum, counts) => sum + total(counts), 0);
      return (
        JSON.stringify(first) === JSON.stringify(again) &&
        JSON.stringify(first) === JSON.stringify(heap) &&
        first.digest !== other.digest &&
        first.eventDigest !== other.eventDigest &&
        total(sent) === total(delivered) + lost + first.inFlight
      );
    }),
    { numRuns: 25 },
  );
  t.pass('for all of them');
});

t.test('digests are pinned: a change of them needs a reason', async (t) => {
  const { digest, eventDigest } = await run(scenarioOf({ network, durationUs: 30 * SECOND }));
  t.matchOnly(digest, /^[0-9a-f]{64}$/);
  t.matchOnly(eventDigest, /^[0-9a-f]{14}$/);
  t.equal(eventDigest, '1051dfcbd2cc17');
});

t.test('samples come at multiples of their period and change nothing', async (t) => {
  const scenario = scenarioOf({ network, durationUs: 10 * SECOND });
  const samples: [number, number][] = [];
  const result = await run(scenario, {
    ...quietHooks(),
    samplePeriodUs: 4 * SECOND,
    sample: (timeUs, { sent }) => samples.push([timeUs / SECOND, total(sent)]),
  });
  t.strictSame(samples.map(([time]) => time), [4, 8]);
  t.ok(samples[0][1] < samples[1][1]);
  t.equal(result.endUs, 10 * SECOND);
  t.notOk(result.interrupted);
  const plain = await run(scenario);
  t.equal(plain.digest, result.digest);
  t.equal(plain.eventDigest, result.eventDigest);
  const exact = { ...quietHooks(), samplePeriodUs: 5 * SECOND };
  const seen: number[] = [];
  await run(scenario, { ...exact, sample: (timeUs) => seen.push(timeUs / SECOND) });
  t.strictSame(seen, [5, 10]);
});

t.test('progress can wait, and can stop the run', async (t) => {
  const scenario = scenarioOf({ network, resources: 200, durationUs: 3600 * SECOND });
  let calls = 0;
  const result = await run(scenario, {
    ...quietHooks(),
    progress: (timeUs, events) => {
      calls += 1;
      t.ok(timeUs < 3600 * SECOND && events > 0);
      return calls % 2 === 0 ? calls < 4 : new Promise((go) => setImmediate(() => go(true)));
    },
  });
  t.equal(calls, 4);
  t.ok(result.interrupted);
  t.ok(result.endUs > 0 && result.endUs < 3600 * SECOND);
});
