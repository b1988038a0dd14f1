import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import type { Observation } from '../../core/observations.js';
import { loadPlugins } from '../../campaign/plugins.js';
import { buildInventory } from '../../experiment/inventory.js';
import { loadScenario } from '../../checker/scenario.js';
import { runLive } from '../../live/index.js';
import { OsProcess } from '../../live/supervisor/os-process.js';
import { childrenOf, hasProc, hooks, smoke, smokeFile } from './fixture.js';
import { recorded } from './recorded.js';

t.jobs = 1;

/** All that is observed, and of what process. */
function listener() {
  const seen: (Observation & { readonly process: number })[] = [];
  const of = <Type extends Observation['type']>(type: Type) =>
    seen.filter((one): one is Extract<Observation, { type: Type }> & { process: number } =>
      one.type === type);
  const observe = (_timeUs: number, process: number, observation: Observation): void =>
    void seen.push({ ...observation, process });
  return { of, sinks: [{ observe }] };
}

t.test('a child that is killed from outside is a fault, and what was measured stays', {
  skip: !hasProc,
}, async (t) => {
  const { scenario, inventory } = smoke(
    'live.processes=3', 'duration=4s', 'warmUp=500ms', 'faults=[]',
  );
  const { of, sinks } = listener();
  let killed = false;
  const result = await runLive(scenario, inventory, hooks({ sinks, progress: (timeUs) => {
    if (!killed && timeUs > 1_500_000) {
      killed = true;
      process.kill(childrenOf(process.pid).sort((a, b) => a - b)[1], 'SIGKILL');
    }
    return true;
  } }));
  t.equal(result.endUs, 4_000_000);
  t.match(of('fault-began'), [{
    fault: 0, kind: 'crash', processes: [1],
    target: 'manager-2 (its OS process ended by itself: SIGKILL)',
  }]);
  t.equal(of('fault-began').length, 1);
  t.same(of('process-down').map(({ process }) => process), [1]);
  t.equal(of('process-up').length, 14);
  t.ok(of('manager-suspected').some(({ manager }) => manager === 1), 'it is missed');
  t.same(childrenOf(process.pid), [], 'nobody is left');
});

t.test('a full disk takes down the node whose it is, and no other', {
  skip: !existsSync('/dev/full'),
}, async (t) => {
  const former = process.env['TMPDIR'];
  const directory = t.testdir();
  process.env['TMPDIR'] = directory;
  t.teardown(() => {
    if (former === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = former;
  });
  const { scenario, inventory } = smoke(
    'live.processes=2', 'duration=5s', 'warmUp=500ms',
    'faults=[{at: 2s, crash: web-1}, {at: 2s, crash: web-4}]',
  );
  const { of, sinks } = listener();
  let filled = false;
  await runLive(scenario, inventory, hooks({ sinks, progress: (timeUs) => {
    // Its registration is stored by then.
    if (filled || timeUs < 1_500_000) return true;
    filled = true;
    const [run] = readdirSync(directory);
    // An agent stores its intent before it acts: this write finds no space.
    symlinkSync('/dev/full', join(directory, run, 'host-1.json.new'));
    return true;
  } }));
  const host = inventory.agentOf[0];
  t.equal(inventory.processName(host), 'host-1');
  const [accident] = of('fault-began').filter(({ processes }) => processes.length > 0);
  t.match(accident, { kind: 'crash', processes: [host], resources: [1, 2] });
  t.match(accident.target, /^host-1 \(its store failed: .*ENOSPC/);
  t.same(of('process-down').map(({ process }) => process), [host]);
  t.ok(of('actuated').some(({ resource }) => resource === 3), 'its neighbour goes on');
  t.notOk(of('actuated').some(({ resource }) => resource === 0), 'intent before the act');
});

t.test('nodes of other OS processes are made of what plugins have', async (t) => {
  const index = pathToFileURL(join(import.meta.dirname, '../../index.js')).href;
  const directory = t.testdir({ used: {}, 'mine.mjs': '' });
  const file = join(directory, 'mine.mjs');
  writeFileSync(file, `
    import { writeFileSync } from 'node:fs';
    import { FixedTimeout } from '${index}';
    export default { detectors: { mine: { create: ({ share }, { timeoutUs }) => {
      writeFileSync('${join(directory, 'used')}/' + process.pid + '-' + share, '');
      return new FixedTimeout(share * timeoutUs);
    } } } };
  `);
  const { registry, files } = await loadPlugins([file]);
  const scenario = loadScenario(smokeFile, {
    set: [
      'duration=2s', 'warmUp=500ms', 'faults=[]', 'live.processes=3',
      'coordination.detection={name: mine, share: 2}',
    ],
    plugins: registry,
  });
  await runLive(scenario, buildInventory(scenario), hooks(), files);
  const used = readdirSync(join(directory, 'used'));
  t.equal(used.length, 3, 'each process, as each has a manager');
  t.ok(used.every((name) => name.endsWith('-2') && !name.startsWith(`${process.pid}-`)));
});

/** Nothing in this process gets its turn. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

t.test('a defect that shows while the run ends is one', async (t) => {
  const index = pathToFileURL(join(import.meta.dirname, '../../index.js')).href;
  const directory = t.testdir({ 'mine.mjs': '' });
  const [file, now] = [join(directory, 'mine.mjs'), join(directory, 'now')];
  writeFileSync(file, `
    import { existsSync } from 'node:fs';
    import { FixedTimeout } from '${index}';
    class Mine extends FixedTimeout {
      check(...words) {
        if (existsSync('${now}')) throw new TypeError('planted');
        super.check(...words);
      }
    }
    export default { detectors: { mine: {
      create: (_settings, { timeoutUs }) => new Mine(timeoutUs),
    } } };
  `);
  const { registry, files } = await loadPlugins([file]);
  const set = [
    'duration=2s', 'warmUp=500ms', 'faults=[]', 'live.processes=2',
    'coordination.detection={name: mine}',
  ];
  const scenario = loadScenario(smokeFile, { set, plugins: registry });
  const run = runLive(scenario, buildInventory(scenario), hooks({ progress: (timeUs) => {
    if (timeUs < 1_850_000 || existsSync(now)) return true;
    // What the nodes say of it comes when the time is over.
    writeFileSync(now, '');
    standStill(400);
    return true;
  } }), files);
  await t.rejects(run, { name: 'LiveNodeError', message: /planted/ });
});

/** A run in which a node does this as it looks for the tenth time at who is silent. */
async function looking(directory: string, what: string, ...set: readonly string[]) {
  const index = pathToFileURL(join(import.meta.dirname, '../../index.js')).href;
  const file = join(directory, 'mine.mjs');
  writeFileSync(file, `
    import { FixedTimeout } from '${index}';
    let looks = 0;
    class Mine extends FixedTimeout {
      check(...words) {
        looks += 1;
        if (looks === 10) { ${what} }
        super.check(...words);
      }
    }
    export default { detectors: { mine: {
      create: (_settings, { timeoutUs }) => new Mine(timeoutUs),
    } } };
  `);
  const { registry, files } = await loadPlugins([file]);
  const scenario = loadScenario(smokeFile, { plugins: registry, set: [
    'warmUp=500ms', 'faults=[]', 'live.processes=2', 'coordination.detection={name: mine}', ...set,
  ] });
  return recorded(scenario, {}, files);
}

t.test('a node that computes for ever is a defect, and no stall of the machine', {
  skip: !hasProc,
}, async (t) => {
  const run = looking(t.testdir({}), 'for (;;);', 'duration=2s');
  await t.rejects(run, { name: 'LiveProcessError', message: /computes for ever/ });
});

t.test('a node that computes for long is told of, and makes no run void', async (t) => {
  const { record } = await looking(t.testdir({}), `
    const { user } = process.cpuUsage();
    while (process.cpuUsage().user - user < 350_000) for (let i = 0; i < 1e6; i += 1);
  `, 'duration=3s', 'coordination.overlay.hopTimeout=250ms');
  const { live, warnings } = record.summary;
  const { computing, stalls, allowedSeconds } = live!.lag;
  t.ok(computing.longestSeconds > 0.3 && computing.longestSeconds < 1, 'seen as what it is');
  t.match(warnings.join(), /OS process \d .* computed for \d\.\d\d s on end until/);
  t.ok(live!.void === null || stalls.seconds > allowedSeconds, 'a busy machine has stalls as well');
});

t.test('what is killed a little late is down when it was last heard', async (t) => {
  const kill = Object.getOwnPropertyDescriptor(OsProcess.prototype, 'kill')!;
  const late = function late(this: OsProcess): void {
    standStill(60);
    (kill.value as () => void).call(this);
  };
  Object.defineProperty(OsProcess.prototype, 'kill', { ...kill, value: late });
  t.teardown(() => Object.defineProperty(OsProcess.prototype, 'kill', kill));
  const { scenario, inventory } = smoke(
    'duration=3s', 'warmUp=500ms', 'live.processes=3',
    'faults=[{at: 1s, crash: manager-1}, {at: 2s, crash: manager-2}]',
  );
  const { of, sinks } = listener();
  await runLive(scenario, inventory, hooks({ sinks }));
  t.same(of('process-down').map(({ process }) => process), [0, 1]);
});

t.test('who asks all processes of a run to end has no fault of theirs in it', {
  skip: !hasProc,
}, async (t) => {
  const { scenario, inventory } = smoke(
    'duration=3s', 'warmUp=500ms', 'faults=[]', 'live.processes=3',
  );
  const { of, sinks } = listener();
  let asked = false;
  const { interrupted } = await runLive(scenario, inventory, hooks({ sinks, progress: (timeUs) => {
    if (asked) return timeUs < 2_000_000;
    asked = timeUs > 1_500_000;
    if (asked) for (const child of childrenOf(process.pid)) process.kill(child, 'SIGTERM');
    return true;
  } }));
  t.ok(asked && interrupted);
  t.same(of('fault-began'), []);
  t.same(of('process-down'), []);
});

t.test('who ends a run before all have started waits for nobody', { skip: !hasProc }, async (t) => {
  const { scenario, inventory } = smoke('live.processes=3', 'faults=[]');
  const { of, sinks } = listener();
  let calls = 0;
  const { interrupted, endUs } = await runLive(scenario, inventory, hooks({ sinks, progress: () => {
    calls += 1;
    // Those that have only just begun cannot tell what a signal is for.
    if (calls === 1) for (const child of childrenOf(process.pid)) process.kill(child, 'SIGTERM');
    return calls === 1;
  } }));
  t.same([interrupted, endUs], [true, 0]);
  t.same(of('process-up'), []);
  t.same(childrenOf(process.pid), []);
});
