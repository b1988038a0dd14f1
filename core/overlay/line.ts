/** Who is next in line for the coordinator's role: the nodes closest to its key. */
import type { Address, NodeId } from '../identity.js';
import type { Overlay } from './overlay.js';
import { compareCloseness, coordinatorKey } from './ring.js';

/** So many of `nodes` at most, the next one first; not those that the overlay does not know. */
export function nextInLine(
  nodes: Iterable<Address>, overlay: Pick<Overlay, 'nodeOf'>, count: number,
): Address[] {
  const line: { address: Address; node: NodeId }[] = [];
  for (const address of nodes) {
    const node = overlay.nodeOf(address);
    if (node === undefined) continue;
    let place = line.length;
    const isNearer = (): boolean =>
      place > 0 && compareCloseness(coordinatorKey, node, line[place - 1].node) < 0;
    while (isNearer()) place -= 1;
    if (place < count) line.splice(place, 0, { address, node });
    if (line.length > count) line.pop();
  }
  return line.map(({ address }) => address);
}
