/** A node whose questions nobody answers, as the parts of a Pastry node see it. */
import { Neighbourhood } from '../../../../core/overlay/pastry/neighbourhood.js';
import type { PastryNode } from '../../../../core/overlay/pastry/node.js';
import { Requests } from '../../../../core/overlay/pastry/requests.js';
import { tries } from '../../../../core/overlay/tries.js';
import type { Environment } from '../../../../core/process.js';
import { ringTimes } from './ring.js';

/** The id at so many 256ths of the ring. */
export function at(place: number): string {
  return place.toString(16).padStart(2, '0') + '0'.repeat(30);
}

export interface Alone {
  readonly node: PastryNode;
  /** Addresses, once for each message. */
  readonly asked: number[];
  /** Lets all questions time out, those too that come of it. */
  readonly giveUp: () => void;
}

/** At `place`, at address 0. */
export function alone(place: number): Alone {
  const asked: number[] = [];
  let timers = 0;
  const environment = {
    address: 0, now: () => 0, cancelTimer: () => {}, observe: () => {},
    random: { next: () => 0 },
    setTimer: () => (timers += 1),
    send: (to: number) => asked.push(to),
  } as unknown as Environment;
  const self = { address: 0, node: at(place) };
  const near = new Neighbourhood(self);
  const requests = new Requests(environment, 1000, (to) => near.find(to)?.heardUs ?? -Infinity);
  const node = {
    environment, requests, self: self.node, near, config: ringTimes,
    seeds: [], user: { ballot: () => null, onBallot: () => {}, deliver: () => {} },
    buried: () => {},
  } satisfies PastryNode;
  const giveUp = (): void => {
    // Each question sets a timer each time that it is sent, in two rounds at most.
    for (let sequence = 1; sequence <= timers; sequence += 1) {
      for (let attempt = 0; attempt < 2 * tries; attempt += 1) requests.onTimeout(sequence);
    }
  };
  return { node, asked, giveUp };
}
