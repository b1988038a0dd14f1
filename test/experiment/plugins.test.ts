import t from 'tap';
import { z } from 'zod';
import {
  definePlugin, draw, FixedTimeout, LeastLoaded, OverlayRootElection, overlayRootTerms, run,
  streamKey,
  type FaultAim, type Observation, type ObservationSink, type Plugin,
} from '../../index.js';
import { deriveBounds } from '../../checker/bounds/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { createRegistry } from '../../checker/plugins.js';
import { PluginError } from '../../experiment/plugins.js';
import { parseScenario } from '../../checker/scenario.js';
import { toYaml } from '../../experiment/scenario/index.js';
import { LiveUnavailableError, runLive } from '../../live/index.js';
import { quietHooks } from '../sim/world/fixture.js';

const electionTimes = { tryTimeoutUs: 5e5, requestTimeoutUs: 4e6 };

/** One of each, all of which note that they were used. */
function pluginOf(used: string[] = []): Plugin {
  const note = (what: string): void => void (used.includes(what) || used.push(what));
  return definePlugin({
    detectors: {
      half: {
        settings: z.strictObject({ share: z.number().min(0).max(1).default(0.5) }),
        create: ({ share }: { share: number }, rhythm) => {
          note('detector');
          return new FixedTimeout(share * rhythm.timeoutUs);
        },
        limitUs: ({ share }: { share: number }, { timeoutUs }) => share * timeoutUs,
      },
      endless: { create: (_settings, { timeoutUs }) => new FixedTimeout(timeoutUs) },
    },
    elections: {
      mine: {
        create: ({ tries }: { tries: number }, environment, overlay, user, site) => {
          note('election');
          const config = { name: 'mine', tries, ...electionTimes };
          return new OverlayRootElection(environment, overlay, user, { ...site, config });
        },
      },
      timely: {
        create: () => {
          throw new Error('only its bounds are asked for');
        },
        terms: ({ tries }: { tries: number }) =>
          overlayRootTerms({ name: 'timely', tries, ...electionTimes }),
      },
    },
    assignments: { least: { create: () => (note('assignment'), new LeastLoaded()) } },
    latencies: {
      ring: {
        settings: z.strictObject({ hopUs: z.number() }),
        create: ({ hopUs }: { hopUs: number }, { zoneOf }, seed) => {
          note('latency');
          const key = streamKey(seed, 'ring');
          return {
            delayUs: (from, to) =>
              hopUs * (1 + (Math.abs(from - to) % 3)) + Math.floor(draw(key, zoneOf[from]) * 2),
          };
        },
        longestUs: ({ hopUs }: { hopUs: number }) => 3 * hopUs + 1,
      },
    },
    faults: {
      massacre: {
        settings: z.strictObject({ share: z.number() }),
        create: ({ share }: { share: number }, { controls, inventory }) => {
          note('fault');
          const hosts = ({ processes }: FaultAim, act: (address: number) => void): void =>
            processes.forEach(act);
          return {
            aim: (next) => {
              const { agents, managers } = inventory;
              const all = Array.from({ length: agents }, (_, index) => managers + index);
              const processes = all.filter((one) => controls.isHostUp(one) && next() < share);
              const resources = processes.flatMap((one) => [...inventory.resourcesOf(one)]);
              const target = `${processes.length} hosts`;
              return processes.length === 0 ? null : { target, processes, resources };
            },
            begin: (aim) => hosts(aim, (address) => controls.crashHost(address)),
            end: (aim) => hosts(aim, (address) => controls.restartHost(address)),
          };
        },
      },
    },
  });
}

const text = (coordination: string, more = ''): string => `
duration: 5m
system: { managers: 6, resources: [{ kind: service, count: 60 }] }
coordination: ${coordination}
${more}`;

const registryOf = (plugin: Plugin = pluginOf()) => createRegistry([{ origin: 'p', plugin }]);
const load = (scenario: string) =>
  parseScenario(scenario, 's.yaml', { plugins: registryOf() });

t.test('a run uses what the scenario names, and follows its settings', async (t) => {
  const used: string[] = [];
  const seen: (Observation & { timeUs: number })[] = [];
  const scenario = text(
    '{ detection: { name: half, share: 0.6 }, election: { name: mine, tries: 2 }, ' +
      'assignment: least }',
    'network: { latency: { ring: { hopUs: 2000 } } }\n' +
      'faults: [{ every: 1m, massacre: { share: 0.2 }, repairAfter: 50s }, ' +
      '{ at: 100s, massacre: { share: 0 } }]',
  );
  const plugins = [pluginOf(used)];
  const sink = {
    observe: (timeUs: number, _process: number, observation: Observation) =>
      void seen.push({ ...observation, timeUs }),
  };
  const done = await run({ scenario: { text: scenario }, plugins, sinks: [sink] });
  t.same(used.sort(), ['assignment', 'detector', 'election', 'fault', 'latency']);
  t.same(done.summary.faults.byKind, { massacre: 4 }, 'nobody to hit is no fault');
  t.equal(done.faults[0].kind, 'massacre');
  t.match(done.faults[0].target, /^\d+ hosts$/);
  t.ok(done.faults.every(({ cleared_s }, index) => index === 3 || cleared_s !== null));
  t.same(done.summary.invariants.broken, []);
  const began = seen.filter(({ type }) => type === 'fault-began');
  t.equal(began.length, 4);
  const max = done.summary.detection.seconds.max!;
  t.ok(max > 8 && max < 18 + 1.1, `suspected after 60% of the timeout: ${max}`);
  const other = await run({ scenario: { text: scenario }, plugins: [pluginOf()] });
  t.equal(other.summary.digest, done.summary.digest, 'again the same');
});

t.test('what is resolved is printed with its names, and reads back', async (t) => {
  const scenario = load(text(
    '{ detection: half, election: { name: mine, tries: 2 }, assignment: least }',
    'network: { latency: { ring: { hopUs: 2000 } } }\nfaults: [{ at: 1m, massacre: { share: 1 } }]',
  ));
  const printed = toYaml(scenario);
  for (const line of [
    'detection: { name: half }', 'election: { name: mine, tries: 2 }',
    'assignment: { name: least }', 'latency: { ring: { hopUs: 2000 } }', 'massacre: { share: 1 }',
  ]) t.match(printed, line);
  t.equal(toYaml(load(printed)), printed);
});

t.test('bounds rely on what a plugin says, and promise nothing without', async (t) => {
  const boundsOf = (coordination: string, more = '') =>
    deriveBounds(load(text(coordination, more)));
  const half = boundsOf('{ detection: half }');
  const fixed = boundsOf(
    '{ resources: { timeout: 15s }, managers: { timeout: 15s } }',
  );
  t.same(half.warnings, []);
  t.equal(half.stalenessUs, fixed.stalenessUs, 'half of 30 s');
  const endless = boundsOf('{ detection: endless }');
  t.equal(endless.recoveryUs, null);
  t.match(endless.warnings, [/endless has no limitUs/]);
  const mine = boundsOf('{ election: { name: mine, tries: 2 } }');
  t.equal(mine.recoveryUs, null);
  t.match(mine.warnings, [/B is derived for overlay-root, not for mine/]);
  const timely = boundsOf('{ election: { name: timely, tries: 5 } }');
  const times = 'tryTimeout: 500ms, requestTimeout: 4s';
  const rooted = boundsOf(`{ election: { name: overlay-root, tries: 5, ${times} } }`);
  t.same(timely.warnings, []);
  t.type(timely.recoveryUs, 'number');
  t.equal(timely.recoveryUs, rooted.recoveryUs, 'by the terms that it brings');
  t.not(timely.recoveryUs, boundsOf('{}').recoveryUs);
  const ring = boundsOf('{}', 'network: { latency: { ring: { hopUs: 2000 } } }');
  t.equal(ring.maxDelayUs, 6001);
});

t.test('wrong settings and unknown names have their place and remedy', async (t) => {
  const cases: readonly [string, string, string | RegExp][] = [
    ['{ detection: { name: half, share: 2 } }', '', /^s\.yaml:4:49: half\.share: .*<=1, correct/],
    ['{ detection: { name: half, shaer: 1 } }', '', /^s\.yaml:4:28: half: Unrecognized key: "sha/],
    ['{ detection: { name: hlaf } }', '',
      's.yaml:4:36: detection: "hlaf" is not a choice here, did you mean half?'],
    ['{ assignment: lesat }', '', /^s\.yaml:4:29: assignment: "lesat" .* did you mean least\?$/],
    ['{}', 'network: { latency: ring }', /^s\.yaml:5:21: ring\.hopUs: /],
    ['{}', 'network: { latency: { ring: { hopUs: 1 }, exponential: 1s } }',
      's.yaml:5:21: a latency is of one kind, give ring alone'],
    ['{}', 'network: { latency: { ring: { hopUs: -9 } } }',
      /^s\.yaml:5:21: ring says that no message takes longer than -26 us, its longestUs/],
    ['{}', 'faults: [{ at: 1m, massacre: { share: 1 }, crash: coordinator }]',
      's.yaml:5:51: a fault does one thing, give exactly one of massacre, crash'],
    ['{}', 'faults: [{ at: 1m, massacre: 3 }]',
      's.yaml:5:30: massacre: its settings are no mapping, write massacre: { ... }'],
    ['{}', 'faults: [{ massacre: { share: 1 } }]',
      /^s\.yaml:5:10: a fault needs one time, /],
    ['{}', 'faults: [{ at: 1m, masacre: { share: 1 } }]', /^s\.yaml:5:20: unknown key masacre/],
  ];
  for (const [coordination, more, message] of cases) {
    t.throws(() => load(text(coordination, more)), { name: 'ScenarioError', message }, more);
  }
  t.throws(() => parseScenario(text('{ detection: half }'), 's.yaml'), {
    message: /"half" is not a choice here, known here: fixed, phi-accrual/,
  }, 'nothing is left behind by the loads before');
});

t.test('healing ends a fault of one\'s own', async (t) => {
  const { faults, summary } = await run({
    scenario: {
      text: text('{}', 'faults: [{ at: 1m, massacre: { share: 1 } }, { at: 2m, heal: all }]'),
    },
    plugins: [pluginOf()],
  });
  t.equal(faults[0].cleared_s, 120);
  t.equal(summary.final.resources, 60);
});

t.test('the live world refuses them by name', async (t) => {
  const wanted: readonly [string, string, string][] = [
    ['{ detection: half }', '', 'coordination.detection'],
    ['{ election: { name: mine, tries: 2 } }', '', 'coordination.election'],
    ['{}', 'network: { latency: { ring: { hopUs: 2000 } } }', 'network.latency'],
    ['{}', 'faults: [{ at: 1m, massacre: { share: 1 } }]', 'faults[0]'],
  ];
  for (const [coordination, more, field] of wanted) {
    const scenario = load(text(coordination, more));
    const error: unknown = await runLive(scenario, buildInventory(scenario), quietHooks()).catch(
      (reason: unknown) => reason,
    );
    t.ok(error instanceof LiveUnavailableError && error.field === field, field);
  }
});

t.test('run tells of wrong plugins, and can be ended', async (t) => {
  const scenario = { text: text('{}') };
  await t.rejects(run({ scenario, plugins: [{ detectors: { fixed: {} } } as never] }), PluginError);
  await t.rejects(run({ scenario: 'nowhere.yaml' }), { name: 'ScenarioError' });
  const signal = AbortSignal.abort();
  const ended = await run({ scenario, signal });
  t.ok(ended.interrupted);
  t.equal(ended.summary.simulatedSeconds < 300, true);
});

t.test('run refuses what it cannot use by name, and sinks change nothing', async (t) => {
  const scenario = { text: text('{}') };
  const wrong: readonly [unknown, string][] = [
    [{ scenario: 5 }, 'scenario: is 5, give the name of a file, or { text } with the YAML itself'],
    [undefined, 'options: is undefined, give { scenario }'],
    [{}, 'scenario: is missing, give the name of a file, '],
    [{ scenario: { txt: '' } }, 'scenario: is such an object, '],
    [{ scenario, sed: 3 }, 'sed: is no option, did you mean set?'],
    [{ scenario, seed: '3' }, 'seed: is "3", give a whole number, 0 or more'],
    [{ scenario, set: 'a=b' }, 'set: is "a=b", give a list of texts, '],
    [{ scenario, sinks: [{}] }, 'sinks[0]: it has no function observe, give an object with '],
    [{ scenario, set: ['a=1', 5] }, 'set[1]: is 5, give a text, '],
    [{ scenario, signal: new AbortController() }, 'signal: is such an object, '],
    [{ scenario, progress: true }, 'progress: is true, '],
  ];
  for (const [options, message] of wrong) {
    await t.rejects(run(options as never), { name: 'RunOptionsError', message });
  }
  const { summary } = await run({ scenario });
  const meddling: ObservationSink = {
    observe: (_time, _process, seen) => void ((seen as { type: string }).type = 'x'),
  };
  await t.rejects(run({ scenario, sinks: [meddling] }), {
    name: 'SinkError', index: 0,
    message: /^sinks\[0\]: it threw at \d+ us on .* copy what you keep$/,
  });
  const failing: ObservationSink = {
    observe: (_time, _process, { type }) => {
      if (type === 'coordinator-elected') throw new RangeError('mine');
    },
  };
  await t.rejects(run({ scenario, sinks: [failing] }), {
    name: 'SinkError', message: /on coordinator-elected: mine$/,
  }, 'in the turn of a process too');
  const quiet: ObservationSink = {
    observe: (_time, _process, observation) => void Reflect.set(observation, 'type', 'x'),
  };
  t.equal((await run({ scenario, sinks: [quiet] })).summary.digest, summary.digest);
});
