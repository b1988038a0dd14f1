/** Message counts of many OS processes, gathered in one place. */
import { messageTypes } from '../../core/messages.js';
import { dropCauses, type MessageCounters } from '../../experiment/world.js';
import { lossCauses, Traffic, type LossCause } from '../node/traffic.js';
import type { CounterChanges } from './protocol.js';

const plain = ['sent', 'delivered', 'bytes'] as const;

function columns(counters: Traffic): (readonly [string, Float64Array])[] {
  return [
    ...plain.map((name) => [name, counters[name]] as const),
    ...lossCauses.map((cause) => [cause, counters.dropped[cause]] as const),
  ];
}

/** Tells what a set of counters gained since it was last asked. */
export class CounterWatch {
  private readonly counters: Traffic;
  private readonly told = new Traffic();

  constructor(counters: Traffic) {
    this.counters = counters;
  }

  changes(): CounterChanges {
    const changes: [string, number, number][] = [];
    const told = columns(this.told);
    for (const [index, [name, values]] of columns(this.counters).entries()) {
      for (let type = 0; type < values.length; type += 1) {
        const by = values[type] - told[index][1][type];
        if (by !== 0) changes.push([name, type, by]);
        told[index][1][type] = values[type];
      }
    }
    return changes;
  }
}

export function addChanges(counters: MessageCounters, changes: CounterChanges): void {
  for (const [name, type, by] of changes) {
    const values = lossCauses.includes(name as LossCause)
      ? counters.dropped[name as LossCause]
      : counters[name as (typeof plain)[number]];
    values[type] += by;
  }
}

/**
 * Makes the books of a finished run balance, with nothing left in flight. What was on its way to
 * an OS process that was killed is counted by nobody: it counts as dropped, its receiver down.
 * What a killed one sent last, and could not report any more, counts as sent because it arrived.
 */
export function balance(counters: MessageCounters): void {
  for (let type = 0; type < messageTypes.length; type += 1) {
    let missing = counters.sent[type] - counters.delivered[type];
    for (const cause of dropCauses) missing -= counters.dropped[cause][type];
    if (missing >= 0) counters.dropped['receiver-down'][type] += missing;
    else counters.sent[type] -= missing;
  }
}
