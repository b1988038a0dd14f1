/** What the OS processes of a run tell of their lag, put together and judged. */
import type { CoreConfig } from '../../core/coordination/config.js';
import { learningOf } from '../../core/detection/index.js';
import type { Bounds } from '../../checker/bounds/index.js';
import { Stalls, type Lag, type LagFigures } from '../../experiment/lag.js';
import { binOf, latenessOf, STALL_US, type LagReport, type Span } from '../node/lag.js';

const US_PER_S = 1e6;

/**
 * How long a process that hosts nodes may stand still before somebody who waits for it as long as
 * the configuration says takes it for gone.
 */
export function allowedStallUs(
  config: CoreConfig, { watching, maxDelayUs }: Pick<Bounds, 'watching' | 'maxDelayUs'>,
): number {
  const { resources, managers, overlay } = config;
  const learns = learningOf(config) !== null;
  const rhythms = [[resources, watching.resource], [managers, watching.manager]] as const;
  // What an adaptive detector allows for comes on top of the period that it has learnt.
  const silences = rhythms.map(([{ timeoutUs, heartbeatPeriodUs }, { leastUs }]) =>
    learns ? leastUs : timeoutUs - heartbeatPeriodUs);
  const answers = [resources.answerTimeoutUs, managers.answerTimeoutUs, overlay.hopTimeoutUs];
  return Math.max(0, Math.min(...silences, ...answers) - 2 * maxDelayUs);
}

/** Of one OS process, through all its lives. */
class Account {
  readonly name: string;
  readonly nodes: readonly string[];
  readonly allowedUs: number;
  readonly bins = new Map<number, number>();
  readonly stalls = new Stalls();
  count = 0;
  longestUs = 0;
  readonly computing = { count: 0, us: 0, longestUs: 0 };
  sumUs = 0;
  timers = 0;
  maxUs = 0;
  /** The last stall, and those not far before it. */
  private lastUs = -Infinity;
  private togetherUs = 0;

  constructor(name: string, nodes: readonly string[], allowedUs: number) {
    this.name = name;
    this.nodes = nodes;
    this.allowedUs = allowedUs;
  }

  late(bin: number, lateUs: number, count: number): void {
    this.bins.set(bin, (this.bins.get(bin) ?? 0) + count);
    this.timers += count;
    this.sumUs += count * lateUs;
    this.maxUs = Math.max(this.maxUs, lateUs);
  }

  compute(us: number): void {
    const { computing } = this;
    computing.count += 1;
    computing.us += us;
    computing.longestUs = Math.max(computing.longestUs, us);
  }

  /** Returns how long it stood still by now, with stalls that followed each other closely. */
  stall(fromUs: number, untilUs: number): number {
    const us = untilUs - fromUs;
    this.count += 1;
    this.longestUs = Math.max(this.longestUs, us);
    this.stalls.add(fromUs, untilUs);
    const isClose = fromUs - this.lastUs < this.allowedUs;
    this.togetherUs = (isClose ? this.togetherUs : 0) + us;
    this.lastUs = untilUs;
    return this.togetherUs;
  }
}

export class LagLedger {
  readonly #accounts: readonly Account[];
  readonly #allowedUs: number;
  readonly #all = new Stalls();
  readonly #onStall: (fromUs: number, untilUs: number) => void;
  #voidBecause: string | null = null;
  readonly busy: string[] = [];

  /**
   * @param nodes - names of those that each OS process hosts
   * @param supervisorUs - what the supervisor may stand still
   * @param onStall - told of each, in whatever process
   */
  constructor(
    nodes: readonly (readonly string[])[], allowedUs: number, supervisorUs: number,
    onStall: (fromUs: number, untilUs: number) => void,
  ) {
    this.#allowedUs = allowedUs;
    this.#onStall = onStall;
    this.#accounts = [
      ...nodes.map((names, index) => new Account(`${index + 1}`, names, allowedUs)),
      new Account('supervisor', [], supervisorUs),
    ];
  }

  /** The number of the supervisor. */
  get supervisor(): number {
    return this.#accounts.length - 1;
  }

  /** @param pauses - of that process, as the scenario wanted them */
  add(process: number, { bins, late, stalls }: LagReport, pauses: readonly Span[]): void {
    const account = this.#accounts[process];
    for (const [bin, count] of bins) account.late(bin, latenessOf(bin), count);
    for (const [dueUs, firedUs] of late) {
      const lateUs = firedUs - dueUs;
      if (overlapUs([dueUs, firedUs], pauses) === 0) account.late(binOf(lateUs), lateUs, 1);
    }
    for (const [fromUs, untilUs, computedUs] of stalls) {
      if (computedUs > STALL_US) this.#compute(account, computedUs, untilUs);
      // The process cannot know: what was no pause of the scenario's is a stall, if long enough.
      const sinceUs = fromUs + overlapUs([fromUs, untilUs], pauses) + computedUs;
      if (untilUs - sinceUs > STALL_US) this.#stall(account, sinceUs, untilUs);
    }
  }

  #compute(account: Account, us: number, untilUs: number): void {
    account.compute(us);
    if (us <= account.allowedUs) return;
    this.busy.push(`${nameOf(account)} computed for ${words(us)} on end until ${words(untilUs)}, ` +
      `and the timeouts of this scenario allow for ${words(account.allowedUs)}`);
  }

  #stall(account: Account, fromUs: number, untilUs: number): void {
    this.#all.add(fromUs, untilUs);
    this.#onStall(fromUs, untilUs);
    const togetherUs = account.stall(fromUs, untilUs);
    if (togetherUs <= account.allowedUs) return;
    this.#voidBecause ??= `${nameOf(account)} stood still for ${words(togetherUs)} until ` +
      `${words(untilUs)}, and the timeouts of this scenario allow for ${words(account.allowedUs)}`;
  }

  get voidBecause(): string | null {
    return this.#voidBecause;
  }

  figures(): Lag {
    const all = new Account('', [], 0);
    for (const account of this.#accounts) {
      for (const [bin, count] of account.bins) all.bins.set(bin, (all.bins.get(bin) ?? 0) + count);
      all.timers += account.timers;
      all.sumUs += account.sumUs;
      all.maxUs = Math.max(all.maxUs, account.maxUs);
      all.count += account.count;
      all.longestUs = Math.max(all.longestUs, account.longestUs);
      all.computing.count += account.computing.count;
      all.computing.us += account.computing.us;
      all.computing.longestUs = Math.max(all.computing.longestUs, account.computing.longestUs);
    }
    return {
      ...figuresOf(all, this.#all),
      allowedSeconds: this.#allowedUs / US_PER_S,
      processes: this.#accounts.map((account) => ({
        process: account.name, nodes: account.nodes, ...figuresOf(account, account.stalls),
      })),
    };
  }
}

function overlapUs([fromUs, untilUs]: Span, pauses: readonly Span[]): number {
  let sumUs = 0;
  for (const [pausedUs, resumedUs] of pauses) {
    sumUs += Math.max(0, Math.min(untilUs, resumedUs) - Math.max(fromUs, pausedUs));
  }
  return sumUs;
}

function figuresOf(
  { timers, sumUs, maxUs, bins, count, longestUs, computing }: Account, stalls: Stalls,
): LagFigures {
  const sorted = [...bins].sort(([a], [b]) => a - b);
  const quantile = (share: number): number | null => {
    let rank = Math.ceil(share * timers);
    for (const [bin, of] of sorted) {
      rank -= of;
      if (rank <= 0) return Math.min(latenessOf(bin), maxUs) / US_PER_S;
    }
    return null;
  };
  const none = timers === 0;
  return {
    timers,
    seconds: {
      mean: none ? null : sumUs / timers / US_PER_S,
      p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99),
      max: none ? null : maxUs / US_PER_S,
    },
    stalls: {
      count, seconds: stalls.totalUs / US_PER_S, longestSeconds: longestUs / US_PER_S,
    },
    computing: {
      count: computing.count, seconds: computing.us / US_PER_S,
      longestSeconds: computing.longestUs / US_PER_S,
    },
  };
}

function nameOf({ name, nodes }: Account): string {
  const hosts = nodes.length === 1 ? nodes[0] : `${nodes[0]} and ${nodes.length - 1} more`;
  return nodes.length === 0 ? `the ${name}` : `OS process ${name} (${hosts})`;
}

function words(us: number): string {
  return `${(us / US_PER_S).toFixed(2)} s`;
}
