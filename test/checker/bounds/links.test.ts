import t from 'tap';
import { deriveBounds, type Bounds } from '../../../checker/bounds/index.js';
import type { EpisodeFaults } from '../../../checker/episode-log.js';
import { harmOf } from '../../../experiment/harm.js';
import { lossAfterLoss } from '../../../checker/bounds/links.js';
import { parseScenario } from '../../../checker/scenario.js';

const text = 'duration: 1h\nsystem: { managers: 6, resources: [{ kind: service, count: 40 }] }\n';

function boundsOf(more = ''): Bounds {
  return deriveBounds(parseScenario(text + more, 's.yaml'));
}

const nothing: EpisodeFaults = {
  managersLost: 0, managersReturned: 0, coordinatorLost: false, managersGone: 0, goneAhead: 0,
  coordinatorAsked: false, reachabilityChanged: false, linksChanged: true, loss: 0, harm: null,
  lateUs: 0, oneSided: false, outlooks: [],
};

t.test('nothing is promised while messages pass one way only, and something after', async (t) => {
  const bounds = boundsOf('faults: [{ at: 1m, partition: { oneWay: { from: coordinator } } }]');
  t.match(bounds.warnings, [/^nothing is promised while faults\[0\] lasts: messages pass one way/]);
  t.equal(bounds.boundFor({ ...nothing, oneSided: true }), null);
  t.not(bounds.boundFor(nothing), null);
  t.not(bounds.recoveryUs, null, 'the promise is for all other times');
});

t.test('cut off whatever their zones, agents may ask many in vain', async (t) => {
  const bounds = deriveBounds(parseScenario(text, 's.yaml', { set: ['system.managers=300'] }));
  const cut = { ...nothing, linksChanged: false, reachabilityChanged: true };
  const behind = (gone: number): number => bounds.boundFor({
    ...cut, outlooks: [{ near: 300, far: 0, nearGone: gone, farGone: 0 }],
  })!;
  t.ok(bounds.boundFor(cut)! < behind(150) && behind(150) < behind(200));
  // Of a half so many tries are wasted once in 10^9 times, of a third so many more; and who obeys
  // a greater ballot than the coordinator's asks three times.
  t.equal(behind(200) - behind(150), 3 * 19e6);
});

t.test('nor while messages are later than the network makes them', async (t) => {
  const bounds = boundsOf();
  const late = harmOf([{ kind: 'jitter', delay: { kind: 'constant', value: 2 } }], 0);
  t.equal(late.delayUs, 2e6);
  t.equal(bounds.boundFor({ ...nothing, harm: late, lateUs: 2e6 }), null);
  const after = bounds.boundFor({ ...nothing, lateUs: 2e6 });
  t.equal(after, bounds.boundFor(nothing)! + 2e6, 'stragglers may still arrive');
});

t.test("the network's own jitter is reckoned with in timeouts and bounds", async (t) => {
  const plain = boundsOf();
  const shaky = boundsOf('network: { jitter: { uniform: { low: 0s, high: 500ms } } }');
  t.equal(shaky.maxDelayUs - plain.maxDelayUs, 500_000);
  t.same(shaky.warnings, []);
  t.ok(shaky.recoveryUs! > plain.recoveryUs!);
  const base = shaky.baseHarm!;
  t.equal(shaky.boundFor({ ...nothing, harm: base, lateUs: base.delayUs }) === null, false);
  const scenario = parseScenario(`${text}network: { jitter: 500ms }`, 's.yaml');
  t.ok(scenario.coordination.overlay.hopTimeoutUs >= 4 * 510_000, 'a hop takes two round trips');
});

t.test('bandwidth of the network promises nothing: what finds no room is dropped', async (t) => {
  const bounds = boundsOf('network: { bandwidth: { rate: 1Mbit/s } }');
  t.equal(bounds.recoveryUs, null);
  t.match(bounds.warnings, [/network.bandwidth/]);
});

t.test('bursts count as the loss that follows a loss', async (t) => {
  const burst = { kind: 'burstyLoss', goodUs: 9e6, badUs: 1e6, lossGood: 0, lossBad: 1 } as const;
  const harm = harmOf([burst, { kind: 'corruption', share: 0.1 }], 0.2);
  t.ok(Math.abs(harm.loss - 0.28) < 1e-12, 'lost or corrupted');
  const still = (gap: number): number => 0.1 + 0.9 * Math.exp(-gap * (1 / 9 + 1));
  for (const gap of [0, 1, 10]) {
    const expected = 1 - 0.72 * (1 - still(gap));
    t.ok(Math.abs(lossAfterLoss(harm, gap * 1e6) - expected) < 1e-9, `after ${gap} s`);
  }
  const bounds = boundsOf('network: { burstyLoss: { good: 1h, bad: 1s } }');
  t.equal(bounds.recoveryUs, null, 'a timeout would break by chance');
});
