/** That a trace of messages tells what the network counts, and changes nothing. */
import t from 'tap';
import type { BuiltInMessage, MessageType } from '../../core/messages.js';
import { messageTypes } from '../../core/messages.js';
import { buildInventory } from '../../experiment/inventory.js';
import { parseScenario } from '../../checker/scenario.js';
import type { DropCause, MessageSink, RunResult } from '../../experiment/world.js';
import { runSimulation } from '../../sim/index.js';

interface End {
  readonly timeUs: number;
  readonly from: number;
  readonly to: number;
  readonly type: MessageType;
}

class Messages implements MessageSink {
  readonly sentById = new Map<number, End>();
  readonly receivedById = new Map<number, End[]>();
  readonly droppedBy = new Map<DropCause, number>();
  copies = 0;
  unknown = 0;

  sent(timeUs: number, from: number, to: number, { type }: BuiltInMessage, id: number): void {
    this.sentById.set(id, { timeUs, from, to, type });
  }

  duplicated(): void {
    this.copies += 1;
  }

  dropped(_timeUs: number, id: number, cause: DropCause): void {
    this.droppedBy.set(cause, (this.droppedBy.get(cause) ?? 0) + 1);
    if (!this.sentById.has(id)) this.unknown += 1;
  }

  received(timeUs: number, from: number, to: number, { type }: BuiltInMessage, id: number): void {
    const ends = this.receivedById.get(id) ?? [];
    this.receivedById.set(id, [...ends, { timeUs, from, to, type }]);
  }
}

const scenario = parseScenario(`
name: told
duration: 10m
system: { managers: 4, zones: 2, resources: [{ kind: service, count: 12, perHost: 3 }] }
network: { loss: 2%, duplication: 3% }
faults:
  - { at: 2m, crash: coordinator, repairAfter: 40s }
  - { at: 4m, pause: manager-2, repairAfter: 20s }
  - { at: 5m, crash: host-1, afterCalls: 3, repairAfter: 20s }
  - { at: 6m, partition: [[zone-1], [zone-2]], repairAfter: 50s }
`, 'told.yaml');

function run(messages?: MessageSink): Promise<RunResult> {
  return runSimulation(scenario, buildInventory(scenario), {
    sinks: [], samplePeriodUs: 0, sample: () => undefined, progress: () => true,
    ...(messages && { messages }),
  });
}

t.test('every message is told when it is sent and when it is received, and no other', async (t) => {
  const told = new Messages();
  const result = await run(told);
  const { digest, eventDigest } = await run();
  t.same([result.digest, result.eventDigest], [digest, eventDigest], 'the same run as without');

  const { sent, delivered, dropped } = result.counters;
  const sum = (counts: Float64Array): number => counts.reduce((total, count) => total + count, 0);
  for (const cause of ['loss', 'partition', 'receiver-down'] as const) {
    t.ok(sum(dropped[cause]) > 0, `some were dropped by ${cause}`);
  }
  for (const [cause, counts] of Object.entries(dropped)) {
    t.equal(told.droppedBy.get(cause as DropCause) ?? 0, sum(counts), cause);
  }
  t.equal(told.unknown, 0);
  t.equal(told.copies, sum(result.counters.duplicated));
  for (const [code, type] of messageTypes.entries()) {
    const ofType = [...told.sentById.values()].filter((end) => end.type === type);
    t.equal(ofType.length, sent[code], `${type} sent`);
    const received = [...told.receivedById.values()].flat().filter((end) => end.type === type);
    t.equal(received.length, delivered[code], `${type} received`);
  }
  for (const [id, ends] of told.receivedById) {
    const start = told.sentById.get(id)!;
    t.ok(ends.length <= 2);
    for (const { timeUs, from, to, type } of ends) {
      if (timeUs > start.timeUs && from === start.from && to === start.to && type === start.type) {
        continue;
      }
      t.fail(`message ${id} is another at its end`);
    }
  }
  t.ok(told.sentById.size > told.receivedById.size);
});
