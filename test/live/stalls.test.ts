import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { createRecorder, type RunRecord } from '../../analysis/index.js';
import { isVoid } from '../../analysis/verdict.js';
import { exitCodeOf } from '../../cli/verdict.js';
import type { Stall } from '../../live/node/lag.js';
import { withoutCode } from '../../live/supervisor/from-plugins.js';
import type { Order, Report } from '../../live/supervisor/protocol.js';
import { childrenOf, hasProc, isRunning, smoke, smokeFile } from './fixture.js';
import { recorded } from './recorded.js';

t.jobs = 1;

const cli = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** Timeouts so long that the lag of a busy machine does not matter. */
const patient = [
  'warmUp=500ms', 'faults=[]', 'coordination.overlay.hopTimeout=6s',
  'coordination.managers={heartbeatPeriod: 200ms, timeout: 8s, answerTimeout: 6s}',
  'coordination.resources={heartbeatPeriod: 200ms, timeout: 8s, answerTimeout: 6s}',
  'coordination.actions.timeout=10s', 'live.processes=3',
];
/** So that a stall of two seconds is too long. */
const hasty = 'coordination.overlay.hopTimeout=1500ms';

/** The process of the first manager. */
const firstChildOf = (pid: number): number => childrenOf(pid).sort((a, b) => a - b)[0];

/** A run in which that process is stopped at 1.5 s, for so long. */
function stopped(forMs: number, ...set: string[]) {
  const { scenario } = smoke(...patient, ...set);
  let seen = 0;
  let victim = 0;
  const inOrder = { observe: (timeUs: number): void => {
    t.ok(timeUs >= seen, 'in the order of time');
    seen = timeUs;
  } };
  return recorded(scenario, { sinks: [inOrder], progress: (timeUs) => {
    if (victim !== 0 || timeUs < 1_500_000) return true;
    victim = firstChildOf(process.pid);
    process.kill(victim, 'SIGSTOP');
    setTimeout(() => isRunning(victim) && process.kill(victim, 'SIGCONT'), forMs).unref();
    return true;
  } });
}

t.test('a stall too short to matter breaks nothing', { skip: !hasProc }, async (t) => {
  const { record } = await stopped(800, 'duration=4s');
  const { live, invariants } = record.summary;
  t.equal(live!.void, null);
  t.equal(live!.lag.allowedSeconds, 5.996);
  const [first] = live!.lag.processes;
  t.same(first.nodes, ['manager-1']);
  t.ok(first.stalls.longestSeconds > 0.7 && first.stalls.longestSeconds < 3, 'it is seen');
  t.ok(first.seconds.max! > 0.5, 'its timers were late');
  t.same(invariants.broken, []);
  t.equal(exitCodeOf(record), 0);
});

t.test('one that is too long makes the run void, not broken', { skip: !hasProc }, async (t) => {
  const TMPDIR = t.testdir();
  const directory = join(TMPDIR, 'run');
  const settings = [...patient.with(2, 'coordination.overlay.hopTimeout=300ms'), 'duration=6s']
    .flatMap((set) => ['--set', set]);
  const words = [cli, 'live', smokeFile, ...settings, '--out', directory];
  const child = spawn(process.execPath, words, { env: { ...process.env, TMPDIR } });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  const ended = once(child, 'exit');
  const isUnderWay = (): boolean =>
    readdirSync(TMPDIR, { recursive: true, encoding: 'utf8' })
      .some((name) => name.endsWith('manager-1.json'));
  while (!isUnderWay() && child.exitCode === null) await delay(50);
  const victim = firstChildOf(child.pid!);
  process.kill(victim, 'SIGSTOP');
  await delay(1500);
  process.kill(victim, 'SIGCONT');
  t.same(await ended, [5, null]);
  t.match(said, /void as to times and health/);
  t.match(said, /No invariant broke/, 'its safety least of all');
  const summary = JSON.parse(
    readFileSync(join(directory, 'summary.json'), 'utf8')) as RunRecord['summary'];
  t.match(summary.live!.void, / stood still for \d\.\d\d s until /);
  t.ok(summary.live!.lag.processes[0].stalls.longestSeconds > 1);
  t.notOk(summary.invariants.checked.includes('healthy-within-bound'));
  t.ok(summary.invariants.checked.includes('ballots-only-grow'));
});

t.test('so does one that goes on to the end; its safety is judged', {
  skip: !hasProc,
}, async (t) => {
  const { scenario, inventory } = smoke();
  const { record, result } = await stopped(60_000, 'duration=4s', hasty);
  t.match(record.summary.live!.void, /^OS process 1 /);
  t.equal(result.endUs, 4_000_000);
  t.ok(isVoid(record));
  t.equal(exitCodeOf(record), 5);
  t.equal(result.inFlight, 0);
  t.ok(result.counters.dropped.loss.some((lost) => lost > 0), 'what it left unread is lost');

  const names = ['healthy-within-bound', 'ballots-only-grow'];
  const invariants = names.map((name) => ({
    name, given: {}, settings: {},
    implementation: {
      description: '',
      create: () => ({
        name, observe: () => {}, isTimed: name === 'healthy-within-bound',
        broken: { timeUs: 1, explanation: 'planted' },
      }),
    },
  }));
  const recorder = createRecorder({ ...scenario, invariants }, inventory);
  const planted = recorder.finish(result);
  // This recorder saw nothing of the run, so its books do not close either.
  t.same(planted.summary.invariants.broken.map(({ name }) => name),
    ['ballots-only-grow', 'books-close']);
  t.equal(exitCodeOf(planted), 1);
});

t.test('one before the first node has begun is seen as well', async (t) => {
  const { scenario } = smoke('faults=[]');
  const child = fork(join(import.meta.dirname, '../../live/supervisor/child.js'), [], {
    serialization: 'advanced', stdio: 'ignore',
  });
  t.teardown(() => child.kill('SIGKILL'));
  const tell = (order: Order): void => void child.send(order);
  const stall = new Promise<Stall>((resolve) => {
    child.on('message', (report: Report) => {
      if (report.kind === 'ready') {
        const originNs = process.hrtime.bigint() - 1_500_000_000n;
        tell({ kind: 'start', node: 0, life: 1, originNs, atUs: 0, resources: [] });
      } else if (report.kind === 'observed' && report.lag.stalls.length > 0) {
        resolve(report.lag.stalls[0]);
      }
    });
  });
  tell({
    kind: 'setup', scenario: withoutCode(scenario), plugins: [], process: 0, life: 1,
    directory: t.testdir(), secret: 's',
  });
  const [fromUs, untilUs] = await stall;
  t.equal(fromUs, 20_000, 'a beat after it was told to begin');
  t.ok(untilUs >= 1_500_000);
});
