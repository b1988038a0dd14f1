import t from 'tap';
import { createRecorder } from '../../analysis/index.js';
import { isVoid } from '../../campaign/verdict.js';
import { exitCodeOf } from '../../cli/verdict.js';
import { childrenOf, hasProc, isRunning, smoke } from './fixture.js';
import { recorded } from './recorded.js';

t.jobs = 1;

/** Timeouts so long that the lag of a busy machine does not matter. */
const patient = [
  'warmUp=500ms', 'faults=[]', 'coordination.overlay.hopTimeout=2s',
  'coordination.managers={heartbeatPeriod: 200ms, timeout: 3s, answerTimeout: 2s}',
  'coordination.resources={heartbeatPeriod: 200ms, timeout: 3s, answerTimeout: 2s}',
];

/** A run in which the first manager's process is stopped at 1.5 s, for so long. */
function stopped(forMs: number, ...set: string[]) {
  const { scenario } = smoke('live.processes=3', ...patient, ...set);
  let seen = 0;
  let victim = 0;
  const inOrder = { observe: (timeUs: number): void => {
    t.ok(timeUs >= seen, 'in the order of time');
    seen = timeUs;
  } };
  return recorded(scenario, { sinks: [inOrder], progress: (timeUs) => {
    if (victim !== 0 || timeUs < 1_500_000) return true;
    victim = childrenOf(process.pid).sort((a, b) => a - b)[0];
    process.kill(victim, 'SIGSTOP');
    setTimeout(() => isRunning(victim) && process.kill(victim, 'SIGCONT'), forMs).unref();
    return true;
  } });
}

t.test('a stall too short to matter breaks nothing', { skip: !hasProc }, async (t) => {
  const { record } = await stopped(400, 'duration=4s');
  const { live, invariants } = record.summary;
  t.equal(live!.void, null);
  t.equal(live!.lag.allowedSeconds, 1.996);
  const [first] = live!.lag.processes;
  t.same(first.nodes, ['manager-1']);
  t.ok(first.stalls.longestSeconds > 0.3 && first.stalls.longestSeconds < 1, 'it is seen');
  t.ok(first.seconds.max! > 0.2, 'its timers were late');
  t.same(invariants.broken, []);
  t.equal(exitCodeOf(record), 0);
});

t.test('one that stood still for too long is void, not broken', { skip: !hasProc }, async (t) => {
  const { record } = await stopped(2200, 'duration=5s', 'coordination.overlay.hopTimeout=600ms');
  const { live, invariants } = record.summary;
  t.match(live!.void, /^OS process 1 \(manager-1\) stood still for 2\.\d\d s until /);
  t.same(invariants.broken, [], 'its safety least of all');
  t.ok(isVoid(record));
  t.equal(exitCodeOf(record), 5);
});

t.test('so is one that is still standing at the end', { skip: !hasProc }, async (t) => {
  const { record, result } = await stopped(
    60_000, 'duration=3s', 'coordination.overlay.hopTimeout=600ms');
  t.match(record.summary.live!.void, /^OS process 1 /);
  t.equal(result.endUs, 3_000_000);
  t.equal(exitCodeOf(record), 5);
  t.equal(result.inFlight, 0);
  t.ok(result.counters.dropped.loss.some((lost) => lost > 0), 'what it left unread is lost');
});

t.test('what is broken in a void run is its safety', async (t) => {
  const { scenario, inventory } = smoke();
  const names = ['healthy-within-bound', 'ballots-only-grow'];
  const recorder = createRecorder({ ...scenario, invariants: names }, inventory, {
    invariants: names.map((name) => ({
      name, description: '',
      create: () => ({
        name, description: '', observe: () => {},
        isTimed: name === 'healthy-within-bound',
        broken: { timeUs: 1, explanation: 'planted' },
      }),
    })),
  });
  const { result } = await stopped(60_000, 'duration=2s', 'coordination.overlay.hopTimeout=300ms');
  const record = recorder.finish(result);
  t.same(record.summary.invariants.broken.map(({ name }) => name), ['ballots-only-grow']);
  t.equal(exitCodeOf(record), 1);
});
