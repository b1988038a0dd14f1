/** Managers that are told to go, as the fault driver has it. */
import t from 'tap';
import type { Environment, Process } from '../../../core/process.js';
import { faultSchedule } from '../../../experiment/faults/index.js';
import { buildInventory } from '../../../experiment/inventory.js';
import { parseScenario } from '../../../checker/scenario.js';
import { runSimulation } from '../../../sim/index.js';
import { quietHooks } from '../../sim/world/fixture.js';

/** Managers take as many seconds to go as their number says. */
const processes = {
  manager: (environment: Environment): Process => ({
    start: () => undefined,
    receive: () => undefined,
    onTimer: () => environment.exit(),
    leave: () => void environment.setTimer((environment.address + 1) * 1e6, 1, 0),
  }),
  agent: () => {
    throw new Error('there are none');
  },
};

async function tell(...faults: string[]): Promise<string[]> {
  const scenario = parseScenario(
    `duration: 100s\nsystem: { managers: 5 }\nfaults: [${faults.join(', ')}]`, 'leave.yaml',
  );
  const inventory = buildInventory(scenario);
  const story: string[] = [];
  const sink = {
    observe: (timeUs: number, process: number, { type }: { readonly type: string }): void => {
      if (timeUs > 2e6) story.push(`${Math.round(timeUs / 1e6)} ${type} ${process}`);
    },
  };
  await runSimulation(scenario, inventory, quietHooks([sink]), { processes });
  return story;
}

t.test('a repair is counted from when the last of them is gone', async (t) => {
  t.same(await tell('{ at: 10s, leave: [manager-1, manager-3], repairAfter: 20s }'), [
    '10 fault-began -1', '10 process-leaving 0', '10 process-leaving 2',
    '11 process-down 0', '13 process-down 2',
    '33 fault-ended -1', '33 process-up 0', '33 process-up 2',
  ]);
});

t.test('without a repair they stay away, until all is healed', async (t) => {
  t.same((await tell('{ at: 10s, leave: manager-2 }')).slice(2), ['12 process-down 1']);
  t.same((await tell('{ at: 10s, leave: manager-2 }', '{ at: 50s, heal: all }')).slice(-2), [
    '50 process-up 1', '50 links-changed -1',
  ]);
});

t.test('who is on the way out when all is healed goes, and comes back at once', async (t) => {
  const story = await tell(
    '{ at: 10s, leave: manager-5, repairAfter: 40s }', '{ at: 12s, heal: all }',
  );
  t.same(story.slice(-3), ['15 process-down 4', '15 fault-ended -1', '15 process-up 4']);
});

t.test('one that crashes on its way out belongs to the crash', async (t) => {
  const story = await tell(
    '{ at: 10s, leave: manager-5, repairAfter: 5s }',
    '{ at: 12s, crash: manager-5, repairAfter: 50s }',
  );
  t.same(story.slice(2), [
    '12 fault-began -1', '12 process-down 4', '17 fault-ended -1',
    '62 fault-ended -1', '62 process-up 4',
  ]);
});

t.test('one that is leaving is not told again, and others are drawn instead', async (t) => {
  const story = await tell(
    '{ at: 10s, leave: { managers: 4 } }', '{ at: 10500ms, leave: { managers: 4 } }',
  );
  t.equal(story.filter((line) => line.includes('leaving')).length, 5);
});

t.test('an idle system\'s schedule has leaves in it', async (t) => {
  const scenario = parseScenario(`
duration: 100s
system: { managers: 3 }
faults: [{ at: 10s, leave: { managers: 1 }, repairAfter: 5s }]`, 'leave.yaml');
  const [fault, ...more] = faultSchedule(scenario, buildInventory(scenario));
  t.same(more, []);
  t.match(fault, { timeUs: 10e6, kind: 'leave', clearedUs: 15e6 });
});

t.test('hosts and resources cannot leave', async (t) => {
  const parse = (target: string) => () => parseScenario(
    'duration: 100s\nsystem: { managers: 3, resources: [{ kind: service, count: 3 }] }\n' +
    `faults: [{ at: 10s, leave: ${target} }]`, 'leave.yaml',
  );
  for (const target of ['{ hosts: 1 }', '{ resources: 1 }', 'host-1', 'service-2']) {
    t.throws(parse(target), /only managers can leave/, target);
  }
  for (const target of ['coordinator', '{ successors: 2 }', 'manager-2']) {
    t.doesNotThrow(parse(target), target);
  }
});

t.test('one that several told to go belongs to the last; no healing forgets it', async (t) => {
  const inside = (at: number): string =>
    `{ at: ${at}s, crash: manager-5, afterCalls: 9, repairAfter: 5s }`;
  const story = await tell(
    inside(10), inside(11), '{ at: 40s, crash: manager-5 }', '{ at: 42s, heal: all }',
  );
  t.same(story.filter((line) => !line.includes('began')), [
    '16 fault-ended -1', '40 process-down 4',
    '42 fault-ended -1', '42 fault-ended -1', '42 process-up 4', '42 links-changed -1',
  ]);
});
