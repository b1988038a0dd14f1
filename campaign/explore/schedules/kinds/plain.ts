/** What can go wrong once, for a while: crashes, pauses, cuts and what else harms messages. */
import type { DrawnKind } from './kind.js';
import {
  aDelay, aHost, aManager, coordinator, crash, crashOfResources, hasHosts, impair, partition, round,
  someManagers, someParties, spells, zonesApart,
} from './whom.js';

export const plainKinds: readonly DrawnKind[] = [
  { name: 'coordinator crashes', draw: () => crash(coordinator) },
  { name: 'managers crash', topic: 'loads', draw: (of) => crash(...someManagers(of, 3)) },
  {
    name: 'successors crash',
    draw: (of) => crash(coordinator, { kind: 'successors', count: of.dice.integer(1, 3) }),
  },
  {
    name: 'crashes inside a call',
    draw: (of) => ({
      ...crash(of.dice.one([coordinator, aManager(of), { kind: 'successors', count: 1 }])),
      afterCalls: Math.floor(of.dice.anySize(1, 300)) - 1,
    }),
  },
  {
    name: 'crashes in an election',
    waitsFor: 'election',
    draw: ({ dice }) => ({
      ...crash({ kind: 'successors', count: 1 }), afterCalls: Math.floor(dice.anySize(1, 100)) - 1,
    }),
  },
  {
    name: 'clocks go wrong',
    draw: (of) => ({
      kind: 'clock',
      targets: someManagers(of, 3),
      aheadUs: round(of.dice.anySize(1e3, 1e8)) * (of.dice.chance(0.5) ? 1 : -1),
      drift: round(of.dice.anySize(1e-6, 1e-3)) * (of.dice.chance(0.5) ? 1 : -1),
    }),
  },
  {
    name: 'managers lose their state',
    topic: 'inventory',
    draw: (of) => ({
      ...crash(...(of.dice.chance(0.4) ? [coordinator] : someManagers(of, 2))), loseState: true,
    }),
  },
  { name: 'fullest manager crashes', draw: () => crash({ kind: 'fullest', count: 1 }) },
  { name: 'restarts', draw: (of) => ({ kind: 'restart', targets: someManagers(of, 4) }) },
  {
    name: 'zones crash',
    draw: ({ inventory: { zones }, dice }) => zones.length < 2
      ? null : crash({ kind: 'zone', index: dice.integer(0, zones.length - 1) }),
  },
  { name: 'hosts crash', draw: (of) => hasHosts(of) ? crash(aHost(of)) : null },
  { name: 'resources crash', topic: 'rules', lasting: true, draw: (of) => crashOfResources(of) },
  {
    name: 'one resource restarts after another',
    weight: 0.3,
    most: 2,
    draw: (of) => {
      const labelled = of.scenario.system.resources
        .filter(({ labels }) => Object.keys(labels).length > 0);
      if (labelled.length === 0) return null;
      const { labels } = of.dice.one(labelled);
      return {
        kind: 'rolling',
        labels,
        unavailable: of.dice.integer(1, 4),
        pauseUs: round(of.dice.anySize(1e4, 1e7)),
        timeoutUs: round(of.dice.anySize(1e7, 3e8)),
      };
    },
  },
  { name: 'coordinator pauses', draw: () => ({ kind: 'pause', targets: [coordinator] }) },
  { name: 'managers pause', draw: (of) => ({ kind: 'pause', targets: someManagers(of, 3) }) },
  {
    name: 'hosts pause',
    draw: (of) => hasHosts(of) ? { kind: 'pause', targets: [aHost(of)] } : null,
  },
  { name: 'managers leave', draw: (of) => ({ kind: 'leave', targets: someManagers(of, 2) }) },
  { name: 'coordinator leaves', draw: () => ({ kind: 'leave', targets: [coordinator] }) },
  { name: 'partitions', draw: partition },
  { name: 'loss', draw: ({ dice }) => ({ kind: 'loss', share: round(dice.anySize(0.01, 0.4)) }) },
  {
    name: 'isolated nodes',
    draw: (of) => ({ kind: 'partition', cut: { kind: 'isolate', whom: someParties(of) } }),
  },
  {
    name: 'one-way links',
    unpromised: true,
    draw: (of) => {
      const to = of.dice.chance(0.5) ? null : someParties(of);
      return { kind: 'partition', cut: { kind: 'oneWay', from: someParties(of), to } };
    },
  },
  {
    name: 'bridges',
    unpromised: true,
    draw: (of) => {
      const sides = zonesApart(of);
      if (sides === null) return null;
      return { kind: 'partition', cut: { kind: 'bridge', over: someManagers(of, 2), sides } };
    },
  },
  {
    name: 'bursty loss',
    draw: (of) => impair(of, {
      kind: 'burstyLoss', lossGood: 0, lossBad: round(of.dice.uniform(0.3, 1)), ...spells(of.dice),
    }),
  },
  {
    name: 'duplication',
    draw: (of) => impair(of, { kind: 'duplication', share: round(of.dice.anySize(0.01, 1)) }),
  },
  {
    name: 'corruption',
    draw: (of) => impair(of, { kind: 'corruption', share: round(of.dice.anySize(0.01, 0.4)) }),
  },
  {
    name: 'jitter',
    unpromised: true,
    draw: (of) => impair(of, { kind: 'jitter', delay: aDelay(of) }),
  },
  {
    name: 'delay spikes',
    unpromised: true,
    draw: (of) => impair(of, { kind: 'delaySpikes', delay: aDelay(of), ...spells(of.dice) }),
  },
  {
    name: 'reordering',
    unpromised: true,
    draw: (of) => {
      const share = round(of.dice.anySize(0.01, 0.5));
      return impair(of, { kind: 'reordering', share, delay: aDelay(of) });
    },
  },
  {
    name: 'bandwidth',
    unpromised: true,
    draw: (of) => impair(of, {
      kind: 'bandwidth',
      bitsPerSecond: round(of.dice.anySize(1e3, 1e5)),
      queueUs: round(of.dice.anySize(1e5, 1e7)),
    }),
  },
];
