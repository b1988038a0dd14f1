import t from 'tap';
import { FullMesh } from '../../../core/overlay/index.js';
import type { OverlayMessage } from '../../../core/overlay/messages.js';
import type { Environment } from '../../../core/process.js';
import { overlayConformance } from '../../conformance/overlay.js';
import { ascending, OverlayNet, overlayTimes, type MakeOverlay } from './node.js';

const make: MakeOverlay = (...given) => new FullMesh(...given);
const { probePeriodUs, hopTimeoutUs } = overlayTimes;

overlayConformance('the full mesh', make, {
  tries: 2,
  joinUs: 0,
  // Whoever believes a dead node closest finds out for itself: the origin, and the root.
  aroundUs: (dead) => 2 * dead * 2 * hopTimeoutUs,
  probingPairs: 12,
  probeRoundUs: (nodes) => (nodes + 1) * probePeriodUs + 2 * hopTimeoutUs,
});

t.test('a node probes one peer per period, in turn, the dead ones too', async (t) => {
  const net = new OverlayNet(make, 5, 6);
  net.world.crash(3);
  net.world.runFor(8 * probePeriodUs);
  // Of two tries for the one that is found dead, the first is the turn's.
  const turns = new Map<number, number>();
  for (const { from, to, message } of net.world.messages('overlay-probe')) {
    if (from === 0) turns.set(message.sequence, to);
  }
  const probed = [...turns.values()];
  t.equal(probed.length, 8);
  t.same(probed.slice(4), probed.slice(0, 4), 'one round like the other');
  t.same(ascending(probed.slice(0, 4)), [1, 2, 3, 4]);
});

/** At address 0 of a mesh of three, with ids a quarter of the ring apart. */
function first(): {
  mesh: FullMesh; sent: number[]; delivered: number[]; cancelled: number[];
  at: (us: number) => void;
} {
  let nowUs = 0;
  const sent: number[] = [];
  const delivered: number[] = [];
  const cancelled: number[] = [];
  const environment = {
    address: 0, now: () => nowUs, random: { next: () => 0 }, observe: () => {},
    setTimer: () => 1, cancelTimer: (timer: number) => void cancelled.push(timer),
    send: (to: number) => void sent.push(to),
  } as unknown as Environment;
  const user = {
    ballot: () => null, onBallot: () => {},
    deliver: (source: number) => void delivered.push(source),
  };
  const peers = ['0', '4', '8'].map((digit, address) => ({ address, node: digit.repeat(32) }));
  const mesh = new FullMesh(environment, user, overlayTimes, peers[0].node, peers);
  return { mesh, sent, delivered, cancelled, at: (us) => void (nowUs = us) };
}

t.test('any message of the mesh tells that its sender has another id now', (t) => {
  const node = 'f'.repeat(32);
  const payload = { type: 'election-request', requester: 0, suspected: null } as const;
  const messages: readonly OverlayMessage[] = [
    { type: 'overlay-ack', hop: 99, node },
    { type: 'overlay-probe', sequence: 99, node, ballot: null },
    { type: 'overlay-probe-answer', sequence: 99, node, ballot: null, nearest: null },
  ];
  const before = first();
  before.mesh.route(node, payload);
  t.same(before.delivered, [0], 'nobody is nearer');
  for (const message of messages) {
    const { mesh, sent, delivered } = first();
    t.ok(mesh.receive(2, message));
    mesh.route(node, payload);
    t.same([sent.at(-1), delivered], [2, []], message.type);
  }
  t.end();
});

t.test('an answer counts only from whom was asked: another may answer a former life', (t) => {
  const node = '8'.repeat(32);
  const payload = { type: 'election-request', requester: 0, suspected: null } as const;
  const { mesh, sent, cancelled } = first();
  mesh.route(node, payload);
  t.same(sent, [2], 'the first that is sent, so it bears the number 1');
  mesh.receive(1, { type: 'overlay-ack', hop: 1, node: '4'.repeat(32) });
  t.same(cancelled, [], 'its time goes on');
  mesh.receive(2, { type: 'overlay-ack', hop: 1, node });
  t.same(cancelled, [1]);
  mesh.onTimer(0, 0);
  const probed = sent.at(-1)!;
  const answer = {
    type: 'overlay-probe-answer', sequence: 2, ballot: null, nearest: null,
  } as const;
  mesh.receive(3 - probed, { ...answer, node: probed === 2 ? '4'.repeat(32) : node });
  t.same(cancelled, [1], 'the other of the two was not asked');
  mesh.receive(probed, { ...answer, node: probed === 2 ? node : '4'.repeat(32) });
  t.same(cancelled, [1, 1]);
  t.end();
});

t.test('who came back between a question and its end is not taken for dead', (t) => {
  const payload = { type: 'election-request', requester: 0, suspected: null } as const;
  const [probe, silence, hop] = [0, 1, 2];
  for (const isHeard of [false, true]) {
    const { mesh, at } = first();
    const end = (kind: number, id: number, beganUs: number): void => {
      at(beganUs + hopTimeoutUs);
      mesh.onTimer(kind, id);
      at(beganUs + hopTimeoutUs + 1);
      if (isHeard) mesh.heard(2);
      at(beganUs + 2 * hopTimeoutUs);
      mesh.onTimer(kind, id);
    };
    mesh.route('8'.repeat(32), payload);
    end(hop, 1, 0);
    t.equal(mesh.neighbours().includes(2), isHeard, 'on a hop');
    const other = first();
    other.mesh.onTimer(probe, 0);
    const [probed] = other.sent;
    other.mesh.onTimer(silence, 1);
    other.at(1);
    if (isHeard) other.mesh.heard(probed);
    other.at(hopTimeoutUs);
    other.mesh.onTimer(silence, 1);
    t.equal(other.mesh.neighbours().includes(probed), isHeard, 'on a probe');
  }
  t.end();
});
