/** Who is next in line for the coordinator's role: the nodes closest to its key. */
import type { NodeId } from '../identity.js';
import { compareCloseness, coordinatorKey } from '../overlay/index.js';
import type { Address } from '../process.js';

export function nextInLine(
  managers: Iterable<Address>, nodeOf: (manager: Address) => NodeId, count: number,
): Address[] {
  const line: { manager: Address; node: NodeId }[] = [];
  for (const manager of managers) {
    const node = nodeOf(manager);
    let place = line.length;
    const isNearer = (): boolean =>
      place > 0 && compareCloseness(coordinatorKey, node, line[place - 1].node) < 0;
    while (isNearer()) place -= 1;
    if (place < count) line.splice(place, 0, { manager, node });
    if (line.length > count) line.pop();
  }
  return line.map(({ manager }) => manager);
}
