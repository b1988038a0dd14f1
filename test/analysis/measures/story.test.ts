import t from 'tap';
import type { Episode } from '../../../analysis/measures/episodes.js';
import { causeOf, tell } from '../../../analysis/measures/story.js';

const names = { processName: (address: number) => `manager-${address}` };
const second = 1e6;
const never = NaN;

function episode(changes: Partial<Episode>): Episode {
  return {
    startUs: 600 * second,
    endUs: 648.3 * second,
    lastFaultUs: 600 * second,
    boundUs: 75 * second,
    faults: 1,
    phases: {
      firstDetectedUs: never,
      detectedUs: never,
      electedUs: never,
      reregisteredUs: 645 * second,
      syncedUs: 648 * second,
    },
    happenings: [],
    mostUnmanaged: 19,
    violations: ['19 live resources are not held'],
    cost: {
      sent: new Float64Array(),
      bytes: new Float64Array(),
      expected: new Float64Array(),
    },
    ...changes,
  };
}

const crash = {
  what: 'fault-began',
  timeUs: 600 * second,
  kind: 'crash',
  target: 'manager-17',
  coordinator: 17,
} as const;

void t.test('a crash of the coordinator', (t) => {
  const told = episode({
    happenings: [
      crash,
      { what: 'suspected', timeUs: 631.2 * second, by: 3, of: 17, coordinator: false },
      { what: 'elected', timeUs: 633 * second, process: 40 },
    ],
  });
  t.equal(
    tell(told, names),
    'At 10 min manager-17, the coordinator, crashed. manager-3 missed the answers of manager-17 ' +
      '31.2 s later; manager-40 was elected 1.8 s after that; the 19 resources left without a ' +
      'manager were all managed again at 10 min 45 s; the model was complete and all was well ' +
      '48.3 s after the crash (bound 75 s).',
  );
  t.equal(causeOf(told, names), 'crash of the coordinator');
  t.end();
});

void t.test('several at once, and more while it went on', (t) => {
  const told = episode({
    happenings: [
      { ...crash, target: 'manager-4, manager-17, manager-5 and 2 more' },
      { ...crash, timeUs: 620 * second, kind: 'partition', target: 'a | b, c', coordinator: null },
      { what: 'suspected', timeUs: 630 * second, by: 3, of: 4, coordinator: true },
      { what: 'suspected', timeUs: 632 * second, by: 3, of: 5, coordinator: true },
      { what: 'resigned', timeUs: 640 * second, process: 3, successor: 2 },
    ],
    lastFaultUs: 620 * second,
    mostUnmanaged: 1,
  });
  t.equal(
    tell(told, names),
    'At 10 min manager-4, manager-17 (the coordinator), manager-5 and 2 more crashed. At 10 min ' +
      '20 s the network fell apart (a | b, c). manager-3, coordinating, gave up manager-4 and ' +
      'manager-5, the last of them 12 s later; manager-3 gave way to manager-2; the resource ' +
      'left without a manager was managed again at 10 min 45 s; the model was complete and all ' +
      'was well 28.3 s after the partition (bound 75 s).',
  );
  t.equal(causeOf(told, names), 'crash of 5 managers, coordinator too and partition');
  t.end();
});

void t.test('faults of links have words of their own', (t) => {
  const links = { ...crash, coordinator: null };
  const at = (seconds: number, what: 'fault-began' | 'fault-ended', kind: string, target: string) =>
    ({ ...links, what, timeUs: seconds * second, kind, target });
  const told = episode({
    happenings: [
      at(600, 'fault-began', 'burstyLoss', '100% for 2s after 1m in the mean at manager-3'),
      at(610, 'fault-began', 'loss', '5% at manager-3'),
      at(640, 'fault-ended', 'delaySpikes', '1s'),
    ],
    lastFaultUs: 640 * second,
    mostUnmanaged: 1,
  });
  const text = tell(told, names);
  t.match(text, 'messages began to get lost in bursts (100% for 2s after 1m in the mean at');
  t.match(text, 'messages began to get lost (5% at manager-3)');
  t.match(text, 'the delay spikes ended');
  t.match(text, 'after the end of the delay spikes');
  t.match(causeOf(told, names), 'bursty loss');
  t.end();
});

void t.test('without a fault, and not over at the end', (t) => {
  const told = episode({ endUs: null, lastFaultUs: null, boundUs: null, mostUnmanaged: 0 });
  t.equal(
    tell(told, names),
    'At 10 min the management plane ceased to be healthy: 19 live resources are not held. ' +
      'This was not over when the run ended (19 live resources are not held).',
  );
  t.equal(causeOf(told, names), 'no fault in it');
  t.end();
});

void t.test('a return, and a long list of happenings', (t) => {
  const back = { ...crash, what: 'fault-ended', kind: 'pause', coordinator: null } as const;
  t.match(tell(episode({ happenings: [back] }), names), /^At 10 min manager-17 went on\. The 19 /);
  const elections = Array.from({ length: 100 }, (_, index) => ({
    what: 'elected' as const,
    timeUs: (601 + index) * second,
    process: index,
  }));
  const text = tell(episode({ happenings: [crash, ...elections] }), names);
  t.match(text, /and so on/);
  t.ok(text.length < 1200, 'stays short');
  t.end();
});
