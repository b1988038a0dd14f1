import t from 'tap';
import { FullMesh } from '../../../core/overlay/index.js';
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
