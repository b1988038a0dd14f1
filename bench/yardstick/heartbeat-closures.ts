import FastPriorityQueue from 'fastpriorityqueue';

/** Sizes and periods of the heartbeat model; times in microseconds. */
export interface HeartbeatCase {
  readonly resources: number;
  readonly managers: number;
  readonly periodUs: number;
  readonly delayUs: { readonly low: number; readonly high: number };
  readonly lifetimeUs: number;
  readonly repairUs: number;
}

interface Event {
  readonly time: number;
  readonly sequence: number;
  readonly action: () => void;
}

interface Node {
  readonly heardUs: Map<Node, number>;
  up: boolean;
  answeredUs: number;
}

/**
 * The bare heartbeat model as one writes it without a thought: plain objects, a closure per event
 * in the fastest well-known heap of the npm registry. Heartbeats, answers, crashes and repairs; no
 * overlay, election, model, rules or measurement.
 */
export class HeartbeatWithClosures {
  delivered = 0;
  private readonly queue = new FastPriorityQueue<Event>(isBefore);
  private readonly run: HeartbeatCase;
  private nowUs = 0;
  private sequence = 0;

  constructor(run: HeartbeatCase) {
    this.run = run;
    const managers = Array.from({ length: run.managers }, newNode);
    const coordinator = managers[0];
    for (const manager of managers.slice(1)) this.beat(manager, coordinator);
    for (let index = 0; index < run.resources; index += 1) {
      const resource = newNode();
      this.beat(resource, managers[index % managers.length]);
      this.fail(resource);
    }
  }

  /** Everything up to `untilUs`. */
  advance(untilUs: number): void {
    for (let next = this.queue.peek(); next !== undefined; next = this.queue.peek()) {
      if (next.time >= untilUs) break;
      this.queue.poll();
      this.nowUs = next.time;
      next.action();
    }
  }

  private beat(from: Node, to: Node): void {
    const tick = (): void => {
      this.at(this.run.periodUs, tick);
      if (!from.up) return;
      this.send(() => {
        to.heardUs.set(from, this.nowUs);
        this.send(() => {
          from.answeredUs = this.nowUs;
        });
      });
    };
    this.at(Math.random() * this.run.periodUs, tick);
  }

  private fail(node: Node): void {
    this.at(exponential(this.run.lifetimeUs), () => {
      node.up = false;
      this.at(exponential(this.run.repairUs), () => {
        node.up = true;
        this.fail(node);
      });
    });
  }

  private send(receive: () => void): void {
    const { low, high } = this.run.delayUs;
    this.at(low + Math.random() * (high - low), () => {
      this.delivered += 1;
      receive();
    });
  }

  private at(delayUs: number, action: () => void): void {
    this.queue.add({ time: this.nowUs + delayUs, sequence: this.sequence++, action });
  }
}

function newNode(): Node {
  return { heardUs: new Map(), up: true, answeredUs: 0 };
}

function exponential(mean: number): number {
  return -Math.log(1 - Math.random()) * mean;
}

function isBefore(a: Event, b: Event): boolean {
  return a.time !== b.time ? a.time < b.time : a.sequence < b.sequence;
}
