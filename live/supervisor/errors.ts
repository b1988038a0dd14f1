import type { Address } from '../../core/process.js';

/** A node's code threw: a defect of the program. `cause` tells the stack in its OS process. */
export class LiveNodeError extends Error {
  override readonly name = 'LiveNodeError';
  readonly process: string;
  readonly timeUs: number;

  constructor(process: string, during: string, timeUs: number, stack: string) {
    const [reason] = stack.split('\n', 1);
    super(`${process}, ${during} at ${timeUs} us: ${reason}`, { cause: stack });
    this.process = process;
    this.timeUs = timeUs;
  }
}

/** An OS process that hosts nodes ended of its own accord, or did not begin. */
export class LiveProcessError extends Error {
  override readonly name = 'LiveProcessError';
  readonly nodes: readonly Address[];

  /** @param how - exit code and the last that it wrote to stderr; or what it did not do */
  constructor(index: number, nodes: readonly Address[], how: string) {
    super(`OS process ${index + 1}, host of ${nodes.length} nodes, is of no use: ${how}`);
    this.nodes = nodes;
  }
}
