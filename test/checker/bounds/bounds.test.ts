import { readFileSync } from 'node:fs';
import t from 'tap';
import { deriveBounds, type Bounds } from '../../../checker/bounds/index.js';
import type { EpisodeFaults } from '../../../checker/episode-log.js';
import { parseScenario } from '../../../checker/scenario.js';

/** The scenario 1000-nodes as far as bounds depend on it; docs/bounds.md works it out. */
const text = `
name: worked-example
description: As in docs/bounds.md.
duration: 2h
system:
  managers: 50
  zones: 4
  resources: [{ kind: service, count: 950, labels: { group: web } }]
  kinds: { service: {} }
coordination:
  resources: { heartbeatPeriod: 10s }
  managers: { heartbeatPeriod: 10s }
network:
  latency:
    zones:
      within: { uniform: { low: 500us, high: 2ms } }
      between: { uniform: { low: 10ms, high: 30ms } }
`;

function boundsWith(...set: string[]): Bounds {
  return deriveBounds(parseScenario(text, 'worked-example.yaml', { set }));
}

const nothing: EpisodeFaults = {
  managersLost: 0,
  managersReturned: 0,
  coordinatorLost: false,
  managersGone: 0,
  goneAhead: 0,
  coordinatorAsked: false,
  reachabilityChanged: false,
  linksChanged: false,
  loss: 0,
  harm: null,
  lateUs: 0,
  oneSided: false,
  outlooks: [],
};
/** Where so many of the example's managers are gone, of an agent's zone first. */
const gone = (count: number): Pick<EpisodeFaults, 'managersGone' | 'outlooks'> => ({
  managersGone: count,
  outlooks: [{
    near: 12, far: 38, nearGone: Math.min(count, 12), farGone: Math.max(0, count - 12),
  }],
});
const seconds = (us: number | null): number => us! / 1e6;

t.test('the worked example of docs/bounds.md', async (t) => {
  const bounds = boundsWith();
  const page = readFileSync('docs/bounds.md', 'utf8');
  const [, example] = /## Worked example(.*?)By `sim check`/s.exec(page)!;
  const shown = new Set([...example.matchAll(/\*\*([\d.]+) s\*\*/g)].map(([, one]) => Number(one)));
  const told = (us: number | null, expected: number, what: string): void => {
    t.equal(seconds(us), expected, what);
    t.ok(shown.delete(expected), `docs/bounds.md shows ${expected} s`);
  };
  t.equal(seconds(bounds.maxDelayUs), 0.03);
  told(bounds.stalenessUs, 41.09, 'delta');
  told(bounds.handOverUs, 10.06, 'W');
  told(bounds.registrationUs, 46.12, 'J');
  t.same(bounds.warnings, []);
  const manager = { ...nothing, managersLost: 1, ...gone(1) };
  told(bounds.boundFor(manager), 73.24, 'a manager');
  const three = { ...nothing, managersLost: 3, ...gone(3) };
  told(bounds.boundFor(three), 75.24, 'three managers');
  const coordinator = { ...manager, coordinatorLost: true, goneAhead: 1 };
  told(bounds.boundFor(coordinator), 84.51, 'the coordinator');
  const andTwo = { ...three, coordinatorLost: true, goneAhead: 3 };
  told(bounds.boundFor(andTwo), 87.01, 'the coordinator and the next two');
  const behind = { ...manager, coordinatorLost: true, coordinatorAsked: true };
  told(bounds.boundFor(behind), 83.51, 'the coordinator, not first in line');
  const another = { ...behind, managersLost: 2, ...gone(2) };
  told(bounds.boundFor(another), 104.45, 'and one that nobody asked');
  const most = { ...nothing, managersLost: 49, ...gone(49), coordinatorLost: true, goneAhead: 9 };
  told(bounds.boundFor(most), 134.51, 'all but one');
  const returned = { ...nothing, managersReturned: 1 };
  told(bounds.boundFor(returned), 110.19, 'a manager is back');
  const healed = { ...nothing, reachabilityChanged: true };
  t.equal(seconds(bounds.boundFor(healed)), 110.19, 'a partition is over');
  const cutOff = { ...healed, managersGone: 37, outlooks: [
    { near: 13, far: 37, nearGone: 0, farGone: 37 },
    { near: 12, far: 38, nearGone: 0, farGone: 13 },
  ] };
  told(bounds.boundFor(cutOff), 114.19, 'a zone is cut off');
  t.same([...shown], [], 'no other');
  const often = boundsWith('coordination.overlay.probePeriod=2s');
  t.equal(seconds(often.boundFor(healed)), 93.33, 'a lapse, if they probe more often');
});

t.test('in a full mesh each finds out about each', async (t) => {
  const bounds = boundsWith('coordination.overlay=full-mesh');
  const lost = { ...nothing, managersLost: 1, ...gone(1), coordinatorLost: true };
  t.equal(seconds(bounds.boundFor({ ...lost, goneAhead: 1 })), 85.39, 'the coordinator');
  const three = { ...lost, managersLost: 3, ...gone(3), goneAhead: 3 };
  t.equal(seconds(bounds.boundFor(three)), 91.39, 'the coordinator and the next two');
  t.equal(seconds(bounds.boundFor({ ...nothing, managersReturned: 1 })), 90.13);
  t.equal(bounds.expected.overlayProbes, 10);
  t.equal(bounds.expected.overlayHeartbeats, 0);
  t.equal(bounds.expected.total, 219.8);
});

t.test('the scenario\'s own faults make the bound that stands for all', async (t) => {
  t.equal(boundsWith().recoveryUs, boundsWith().boundFor({
    ...nothing, managersLost: 1, ...gone(1), coordinatorLost: true, goneAhead: 1,
  }));
  const faults = 'faults=[{ at: 1m, crash: [coordinator, { successors: 2 }] }]';
  t.equal(seconds(boundsWith(faults).recoveryUs), 87.01);
});

t.test('messages per second', async (t) => {
  const { expected } = boundsWith();
  t.equal(expected.resourceHeartbeats, 95);
  t.equal(expected.managerHeartbeats, 4.9);
  t.equal(expected.overlayProbes, 5);
  t.equal(expected.overlayHeartbeats, 50 / 30);
  t.equal(expected.total, 209.8 + 50 / 30);
  t.equal(boundsWith('system.managers=1').expected.total, 190);
});

t.test('loss that breaks timeouts by chance takes the promise away', async (t) => {
  const lossy = boundsWith('network.loss=2%');
  t.equal(lossy.recoveryUs, null);
  t.equal(lossy.warnings.length, 4);
  t.match(lossy.warnings[0], /2% of messages lost, coordination.resources.timeout breaks/);
  t.equal(lossy.boundFor({ ...nothing, loss: 0.02 }), null);
  t.equal(lossy.boundFor({ ...nothing, loss: null }), null);
  t.not(lossy.boundFor(nothing), null, 'once healed there is a promise again');
});

t.test('with timeouts to match there is a promise, and retries make it longer', async (t) => {
  const patient = [
    'coordination.resources.timeout=70s',
    'coordination.resources.answerTimeout=80s',
    'coordination.managers.timeout=70s',
    'coordination.managers.answerTimeout=80s',
  ];
  const sure = boundsWith(...patient);
  const lossy = boundsWith(...patient, 'network.loss=2%');
  t.same(lossy.warnings, []);
  t.ok(lossy.recoveryUs! > sure.recoveryUs!);
  t.ok(lossy.stalenessUs > sure.stalenessUs);
  t.not(boundsWith(...patient, 'network.loss=5%').warnings.length, 0);
});

t.test('an adaptive detector is bounded by its limit, and promises nothing without', async (t) => {
  const phi = (more: string): Bounds =>
    boundsWith(`coordination.detection={ name: phi-accrual, ${more} }`);
  const endless = phi('threshold: 8');
  t.equal(endless.recoveryUs, null);
  t.match(endless.warnings, [/coordination.detection.maxTimeout/]);
  const limited = phi('maxTimeout: 20s');
  t.same(limited.warnings, []);
  const fixed = boundsWith(
    'coordination.resources.timeout=20s', 'coordination.managers.timeout=20s',
  );
  t.equal(limited.recoveryUs, fixed.recoveryUs, 'as the fixed timeout of that length');
  t.equal(limited.stalenessUs, fixed.stalenessUs);
  const nervous = phi('maxTimeout: 20s, minDeviation: 1ms');
  t.equal(nervous.recoveryUs, null);
  t.match(nervous.warnings, [/acceptablePause would have to be 55ms/]);
  t.same(phi('maxTimeout: 20s, minDeviation: 1ms, acceptablePause: 55ms').warnings, []);
  t.equal(deriveBounds(parseScenario(text, 'worked-example.yaml', { set: [
    'coordination.detection={ name: phi-accrual, maxTimeout: 90s }', 'network.loss=2%',
    'coordination.resources.answerTimeout=80s', 'coordination.managers.answerTimeout=80s',
  ] })).recoveryUs, null, 'six lost in a row would be suspected');
});

t.test('a law without a longest delay is taken at its quantile 1 - 10^-9', async (t) => {
  const { maxDelayUs } = boundsWith('network.latency={ exponential: 10ms }');
  t.ok(Math.abs(maxDelayUs - 207_233) <= 1, `${maxDelayUs}`);
});

t.test('B grows with every fault and with every timeout', async (t) => {
  const base: EpisodeFaults = { ...nothing, managersLost: 1, ...gone(1) };
  const more: readonly Partial<EpisodeFaults>[] = [
    gone(4),
    { coordinatorLost: true },
    { coordinatorLost: true, goneAhead: 2 },
    { reachabilityChanged: true },
    { linksChanged: true },
    { managersReturned: 1 },
  ];
  const bounds = boundsWith();
  for (const faults of more) {
    t.ok(bounds.boundFor({ ...base, ...faults })! > bounds.boundFor(base)!, JSON.stringify(faults));
  }
  for (const name of ['resources.timeout', 'resources.checkPeriod', 'managers.answerTimeout']) {
    const slower = boundsWith(`coordination.${name}=40s`);
    t.ok(slower.recoveryUs! > bounds.recoveryUs!, name);
  }
});

t.test('clocks that drift make everything longer', async (t) => {
  const plain = boundsWith();
  const drifting = boundsWith('system.clocks.drift=1%');
  const lost = { ...nothing, managersLost: 1, managersGone: 1 };
  t.equal(drifting.boundFor(lost), Math.ceil(plain.boundFor(lost)! / 0.99));
  t.equal(drifting.stalenessUs, Math.ceil(plain.stalenessUs / 0.99));
  t.equal(plain.boundFor({ ...lost, hostsOdd: 1 }), null, 'while a host is off its pace');
  const wild = boundsWith('system.clocks.drift=60%');
  t.equal(wild.recoveryUs, null);
  t.match(wild.warnings[0], /^nothing is promised: with clocks that drift by 60%, coordination\./);
});

t.test('nothing is promised where a hop is over before anybody could answer', async (t) => {
  // One way takes 30 ms at most.
  const short = boundsWith('coordination.overlay.hopTimeout=59ms');
  t.equal(short.recoveryUs, null);
  const [warning] = short.warnings;
  t.match(warning, /hopTimeout is over before one could answer; it would have to be 60ms/);
  t.same(boundsWith('coordination.overlay.hopTimeout=60ms').warnings, []);
});

t.test('a load above capacity is named, and nothing promised', async (t) => {
  const plain = boundsWith();
  const served = boundsWith('system.service.manager=100us');
  t.same(served.warnings, []);
  t.ok(served.recoveryUs! > plain.recoveryUs!);
  t.ok(served.maxDelayUs > plain.maxDelayUs);
  const over = boundsWith('system.service.manager=1s');
  t.equal(over.recoveryUs, null);
  t.equal(over.boundFor(nothing), null);
  t.match(over.warnings[0],
    /^nothing is promised: the coordinator gets .* messages per second, .*% of what it can handle/);
  const [, limit] = /below (\d+)us$/.exec(over.warnings[0])!;
  const at = (share: number) =>
    boundsWith(`system.service.manager=${Math.floor(Number(limit) * share)}us`);
  t.match(at(1.01).warnings[0], /the coordinator gets/);
  // Below it the server keeps up, but what it is asked in a burst takes too long for a hop.
  t.match(at(0.99).warnings[0], /coordination.overlay.hopTimeout is over before/);
  t.equal(at(0.99).recoveryUs, null);
  t.same(at(0.4).warnings, []);
  t.ok(at(0.4).recoveryUs! > served.recoveryUs!);
  t.match(boundsWith('system.service.agent=60s').warnings[0], /a host gets/);
});
