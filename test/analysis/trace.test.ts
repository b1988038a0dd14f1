/** A trace as others read it: hand-made, so that every line is known. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { exportTrace, RunDirectoryError, writeStory } from '../../analysis/index.js';
import { buildInventory } from '../../experiment/inventory.js';
import { parseScenario } from '../../checker/scenario.js';

const inventory = buildInventory(parseScenario(
  'duration: 1m\nsystem: { managers: 2, resources: [{ kind: service, count: 2, perHost: 1 }] }\n',
  's.yaml',
));
const ballot = { counter: 2, node: 'ab', incarnation: 1, address: 1 };
const sent = (t: number, p: number, to: number, message: string, id: number) =>
  ({ t, p, type: 'message-sent', to, message, id });
const received = (t: number, p: number, from: number, message: string, id: number) =>
  ({ t, p, type: 'message-received', from, message, id });

const lines = [
  { t: 10, p: 0, type: 'process-up', incarnation: 1 },
  { t: 20, p: 1, type: 'process-up', incarnation: 1 },
  sent(500, 1, 0, 'coordinator-probe', 0),
  {
    t: 1_000_000, p: -1, type: 'fault-began', fault: 0, kind: 'crash', target: 'manager-1',
    processes: [0], resources: [],
  },
  { t: 1_000_000, p: 0, type: 'process-down' },
  sent(2_000_000, 1, 2, 'resource-assigned', 1),
  received(2_010_000, 2, 1, 'resource-assigned', 1),
  sent(2_010_000, 2, 1, 'resource-accepted', 2),
  sent(2_015_000, 1, 0, 'election-request', 3),
  received(2_020_000, 1, 2, 'resource-accepted', 2),
  { t: 2_500_000, p: 1, type: 'coordinator-elected', ballot },
  { t: 3_000_000, p: -1, type: 'fault-ended', fault: 0 },
  { t: 3_000_000, p: 0, type: 'process-up', incarnation: 2 },
  { t: 3_500_000, p: 2, type: 'pointer-lost', resource: 0, why: 'silent' },
];

function directoryWith(t: { testdir(): string }, trace: readonly object[]): string {
  const directory = t.testdir();
  const text = trace.map((line) => `${JSON.stringify(line)}\n`).join('');
  fs.writeFileSync(join(directory, 'trace.jsonl'), text);
  return directory;
}

void t.test('ShiViz: who receives knows all that the sender knew', (t) => {
  const directory = directoryWith(t, lines);
  const [path] = exportTrace(directory, ['shiviz'], inventory, 'title');
  const [pattern, empty, ...rest] = fs.readFileSync(path, 'utf8').split('\n');
  t.equal(empty, '');
  const events = [...rest.join('\n').matchAll(new RegExp(pattern, 'g'))].map(({ groups }) => {
    const { event, host, clock } = groups!;
    return [event.replace(/^\S+ s /, ''), host, JSON.parse(clock)] as const;
  });
  // The world's own are of no process.
  t.equal(events.length, lines.length - 2);
  const clockOf = (text: string) => events.find(([event]) => event === text)?.[2];
  t.same(clockOf('resource-assigned to host-1'), { 'manager-2': 3 });
  t.same(clockOf('resource-assigned from manager-2'), { 'host-1': 1, 'manager-2': 3 });
  t.same(clockOf('resource-accepted from host-1'), { 'host-1': 2, 'manager-2': 5 });
  t.same(clockOf('process-up incarnation 2'), { 'manager-1': 3 }, 'its clock goes on');
  t.end();
});

void t.test('Perfetto: a track each, an arrow per message, bars for those who are away', (t) => {
  const directory = directoryWith(t, lines);
  const [path] = exportTrace(directory, ['perfetto'], inventory, 'title');
  const { traceEvents } = JSON.parse(fs.readFileSync(path, 'utf8')) as {
    traceEvents: { ph: string; name: string; tid: number; ts: number; dur?: number; id?: number;
      args?: { name?: string } }[];
  };
  const named = traceEvents.filter(({ name }) => name === 'thread_name');
  t.same(named.map(({ args }) => args!.name), ['world', 'manager-1', 'manager-2', 'host-1']);
  const flows = (ph: string) => traceEvents.filter((event) => event.ph === ph).map(({ id }) => id);
  t.same(flows('s'), [0, 1, 2, 3]);
  t.same(flows('f'), [1, 2]);
  const down = traceEvents.filter(({ name }) => name === 'down');
  t.match(down, [{ ph: 'X', tid: 1, ts: 1_000_000, dur: 2_000_000 }]);
  t.end();
});

void t.test('the story is in words, from the first fault to what came of it', (t) => {
  const directory = directoryWith(t, lines);
  const head = { title: 'How it broke', ending: 'This breaks it.', untilUs: 3_000_000 };
  const [story, picture] = writeStory(directory, inventory, head);
  t.equal(fs.readFileSync(story, 'utf8'), [
    '# How it broke',
    '',
    '- 1.000 s **fault: crash (manager-1)**',
    '- 1.000 s manager-1 is down',
    '- 2.500 s manager-2 coordinates, with ballot 2 of manager-2',
    '- 3.000 s **end of the fault: crash (manager-1)**',
    '- 3.000 s manager-1 starts again',
    '',
    'This breaks it.',
    '',
  ].join('\n'));
  const svg = fs.readFileSync(picture, 'utf8');
  t.match(svg, />How it broke</);
  t.equal(svg.match(/marker-end/g)?.length, 2, 'what was received');
  t.equal(svg.match(/>✕</g)?.length, 1, 'what was lost since the first fault');
  t.match(svg, /<title>election-request, sent at 2.015\ss, never received<\/title>/);
  t.match(svg, /<title>manager-1 is away<\/title>/);
  t.notMatch(svg, /gives its manager up/, 'what comes after is no part of it');
  for (const name of ['manager-1', 'manager-2', 'host-1']) t.match(svg, `>${name}<`);
  t.end();
});

void t.test('of too many messages the most frequent are left out, and that is said', (t) => {
  const many = Array.from({ length: 120 }, (_, index) =>
    sent(1_100_000 + index * 1000, 1, 0, 'manager-heartbeat', 100 + index));
  const directory = directoryWith(t, [...lines.slice(0, 5), ...many, ...lines.slice(5)]);
  const [path] = exportTrace(directory, ['space-time'], inventory, 'a < b');
  const svg = fs.readFileSync(path, 'utf8');
  t.match(svg, /left out: 120 manager-heartbeat</);
  t.notMatch(svg, />manager-heartbeat</);
  t.match(svg, />election-request</);
  t.match(svg, />a &lt; b</);
  t.end();
});

void t.test('without a trace there is one clear error', (t) => {
  const directory = t.testdir();
  t.throws(() => exportTrace(directory, ['shiviz'], inventory, ''), {
    name: RunDirectoryError.name,
    code: 'NOT_A_RUN',
    message: `${directory}: there is no trace in it (make one by sim run --trace-messages)`,
  });
  t.end();
});
