import t from 'tap';
import { parseScenario } from '../../../checker/scenario.js';
import { toYaml, ScenarioError } from '../../../experiment/scenario/index.js';

const base = 'duration: 1h\nsystem: { managers: 3, zones: [north, south] }\n';

function complaint(line: string): string {
  try {
    parseScenario(`${base}${line}`, 's.yaml');
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split('\n')[0];
    throw error;
  }
  return 'nothing';
}

const mistakes: readonly (readonly [line: string, message: string])[] = [
  [
    'network: { bandwidth: { rate: 10Mbps } }',
    's.yaml:3:31: rate: "10Mbps" is not a rate, ' +
      'write a number with bit/s, kbit/s, Mbit/s or Gbit/s, for example 10Mbit/s',
  ],
  [
    'network: { bandwidth: { rate: 0.5bit/s } }',
    's.yaml:3:31: rate: "0.5bit/s" is too slow, a rate is from 1bit/s to 1000000Gbit/s',
  ],
  [
    'network: { burstyLoss: { good: 10s } }',
    's.yaml:3:24: bad is missing, add bad: ...',
  ],
  [
    'network: { burstyLoss: { good: 0s, bad: 1s } }',
    's.yaml:3:32: good: a period of 0s never ends, make it at least 1us',
  ],
  ['network: { jiter: 5ms }', 's.yaml:3:12: unknown key jiter, did you mean jitter?'],
  [
    'network: { duplication: 2 }',
    's.yaml:3:25: duplication: 2 is more than the whole, ' +
      'a share is between 0 and 1 or between 0% and 100%',
  ],
  [
    'faults: [{ at: 1m, jitter: 5ms, of: manager-7 }]',
    's.yaml:3:37: there is no zone or host manager-7, ' +
      'known are coordinator, zones and, numbered from 1, manager-N and host-N',
  ],
  [
    'faults: [{ at: 1m, jitter: 5ms, of: { resources: 2 } }]',
    's.yaml:3:37: resources have no links of their own, name their hosts',
  ],
  [
    'faults: [{ at: 1m, jitter: 5ms, of: { each: managers } }]',
    's.yaml:3:37: each goes with crash, pause and leave, give a number such as { managers: 2 }',
  ],
  [
    'faults: [{ at: 1m, crash: coordinator, of: manager-1 }]',
    's.yaml:3:44: of says nothing about crash, it goes with loss, burstyLoss, duplication, ' +
      'corruption, jitter, delaySpikes, reordering, bandwidth',
  ],
  [
    'faults: [{ at: 1m, pause: coordinator, flapping: { bad: 1s, good: 1s } }]',
    's.yaml:3:50: flapping says nothing about pause, it goes with partition, loss, burstyLoss, ' +
      'duplication, corruption, jitter, delaySpikes, reordering, bandwidth',
  ],
  [
    'faults: [{ at: 1m, jitter: 5ms, loss: 5% }]',
    's.yaml:3:28: a fault does one thing, give exactly one of ' +
      'crash, restart, rolling, pause, leave, commission, decommission, clock, slow, partition, ' +
      'loss, burstyLoss, duplication, corruption, jitter, delaySpikes, reordering, bandwidth, heal',
  ],
  [
    'faults: [{ at: 1m, partition: { isolate: coordinator, bridge: manager-1 } }]',
    's.yaml:3:63: a partition has one shape, ' +
      'give groups of zones, halves, or exactly one of isolate, oneWay, between, bridge',
  ],
  [
    'faults: [{ at: 1m, partition: { isolate: coordinator, sides: [[north], [south]] } }]',
    's.yaml:3:62: sides go with bridge, remove them',
  ],
  [
    'faults: [{ at: 1m, partition: { bridge: manager-1, sides: [[north], [suoth]] } }]',
    's.yaml:3:70: there is no zone suoth, did you mean south?',
  ],
  [
    'faults: [{ at: 1m, partition: { oneWay: { from: host-9 } } }]',
    's.yaml:3:49: there is no zone or host host-9, ' +
      'known are coordinator, zones and, numbered from 1, manager-N and host-N',
  ],
  [
    'faults: [{ at: 1m, crash: { concerned: manager } }]',
    's.yaml:3:10: nobody is concerned without a phase, ' +
      'give it a time with `when`, or name somebody',
  ],
  [
    'faults: [{ at: 1m, partition: halfs }]',
    's.yaml:3:31: partition: "halfs" is not a choice here, did you mean halves?',
  ],
];

t.test('mistakes about links have their place and their remedy', async (t) => {
  for (const [line, message] of mistakes) {
    t.equal(complaint(line), message, line);
  }
});

t.test('every way to harm links is read, and written as a user would write it', async (t) => {
  const network =
    'network: { burstyLoss: { good: 1m, bad: 2s }, duplication: 1%, corruption: 0.1%, ' +
    'jitter: { exponential: 2ms }, delaySpikes: { good: 1m, bad: 1s, delay: 300ms }, ' +
    'reordering: { share: 5%, delay: 20ms }, bandwidth: { rate: 1.5Mbit/s } }\n';
  const faults = [
    '{ at: 1m, partition: { oneWay: { from: coordinator, to: [south, manager-2] } } }',
    '{ at: 1m, partition: { between: { these: manager-1, those: [manager-2, north] } } }',
    '{ every: 5m, bandwidth: { rate: 64kbit/s, queue: 2s }, of: { managers: 2 } }',
    '{ at: 1m, partition: halves, flapping: { bad: 5s, good: { exponential: 9s }, atLeast: 1s } }',
  ];
  const scenario = parseScenario(`${base}${network}faults: [${faults.join(', ')}]`, 's.yaml');
  t.strictSame(scenario.network.impairments, [
    { kind: 'burstyLoss', goodUs: 60e6, badUs: 2e6, lossGood: 0, lossBad: 1 },
    { kind: 'duplication', share: 0.01 },
    { kind: 'corruption', share: 0.001 },
    { kind: 'jitter', delay: { kind: 'exponential', mean: 0.002 } },
    { kind: 'delaySpikes', goodUs: 60e6, badUs: 1e6, delay: { kind: 'constant', value: 0.3 } },
    { kind: 'reordering', share: 0.05, delay: { kind: 'constant', value: 0.02 } },
    { kind: 'bandwidth', bitsPerSecond: 1.5e6, queueUs: 1e6 },
  ]);
  t.strictSame(scenario.faults.map(({ action }) => action), [
    {
      kind: 'partition',
      cut: {
        kind: 'oneWay',
        from: [{ kind: 'coordinator' }],
        to: [{ kind: 'zone', index: 1 }, { kind: 'named', name: 'manager-2' }],
      },
    },
    {
      kind: 'partition',
      cut: {
        kind: 'between',
        these: [{ kind: 'named', name: 'manager-1' }],
        those: [{ kind: 'named', name: 'manager-2' }, { kind: 'zone', index: 0 }],
      },
    },
    {
      kind: 'bandwidth', bitsPerSecond: 64_000, queueUs: 2e6,
      of: [{ kind: 'managers', count: 2 }],
    },
    { kind: 'partition', cut: { kind: 'halves' } },
  ]);
  t.strictSame(scenario.faults[3].flapping, {
    bad: { kind: 'constant', value: 5 },
    good: { kind: 'exponential', mean: 9 },
    atLeastUs: 1e6,
  });
  const text = toYaml(scenario);
  t.match(text, 'bandwidth: { rate: 1500kbit/s, queue: 1s }');
  t.match(text, 'partition: { oneWay: { from: [ coordinator ], to: [ south, manager-2 ] } }');
  t.match(text, 'partition: halves');
  t.strictSame(parseScenario(text, 't.yaml'), scenario);
});
