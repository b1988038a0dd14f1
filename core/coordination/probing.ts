/**
 * What a manager says to agents of its own accord: offers of new assignments, and probes of those
 * whose resources are silent, to tell a crashed resource from a dead host.
 */
import type { CoreConfig } from './config.js';
import type { AgentProbe, CoordinationMessage } from './messages.js';
import type { Ballot } from '../identity.js';
import type { Part } from '../metamodel/part.js';
import type { Address, Environment } from '../process.js';

type Entry = AgentProbe['entries'][number];

/** A resource that its detector suspects. */
interface Silence {
  probedUs: number;
  /** When the first probe was sent that the agent left unanswered; null: it answered the last. */
  unansweredUs: number | null;
  hostUp: boolean;
}

export interface ProbingOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly part: Part;
  readonly config: CoreConfig;
  ballot(): Ballot | null;
  /** Other managers for an agent to remember. */
  alternates(): readonly Address[];
  /** The host of that row is presumed dead, or is not any more. */
  hostChanged(row: number): void;
}

export class Probing {
  readonly #options: ProbingOptions;
  readonly #silences = new Map<number, Silence>();
  readonly #offers = new Map<Address, Entry[]>();
  /** Nothing is due before: most checks have nothing to do. */
  #nextUs = Infinity;

  constructor(options: ProbingOptions) {
    this.#options = options;
  }

  isHostUp(row: number): boolean {
    return this.#silences.get(row)?.hostUp ?? true;
  }

  /** The row fell silent: its agent is probed at the next check, and once a period from then. */
  begin(row: number): void {
    this.#nextUs = -Infinity;
    this.#silences.set(row, { probedUs: -Infinity, unansweredUs: null, hostUp: true });
  }

  /** The row is heard again, or listed no more. */
  end(row: number): void {
    this.#silences.delete(row);
  }

  /** The agent answered for the row. */
  answered(row: number): void {
    const silence = this.#silences.get(row);
    if (silence === undefined) return;
    silence.unansweredUs = null;
    if (!silence.hostUp) {
      silence.hostUp = true;
      this.#options.hostChanged(row);
    }
  }

  /** Tells the agent of the row that it is listed here, with the next {@link sendOffers}. */
  offer(row: number): void {
    this.#collect(this.#offers, row);
  }

  sendOffers(): void {
    if (this.#offers.size === 0) return;
    const { environment } = this.#options;
    const ballot = this.#options.ballot();
    const alternates = this.#options.alternates();
    for (const [agent, entries] of this.#offers) {
      environment.send(agent, { type: 'resource-assigned', ballot, entries, alternates });
    }
    this.#offers.clear();
  }

  /**
   * Probes what is due; presumes dead whose agents left probes unanswered for the timeout.
   *
   * @param judgedUs - as of when: messages that came since may wait in line
   */
  check(nowUs: number, judgedUs: number): void {
    if (nowUs < this.#nextUs) return;
    this.#nextUs = Infinity;
    const { heartbeatPeriodUs, timeoutUs } = this.#options.config.resources;
    const due = new Map<Address, Entry[]>();
    for (const [row, silence] of this.#silences) {
      const { unansweredUs } = silence;
      if (silence.hostUp && unansweredUs !== null && judgedUs - unansweredUs > timeoutUs) {
        silence.hostUp = false;
        this.#options.hostChanged(row);
      }
      if (nowUs - silence.probedUs >= heartbeatPeriodUs) {
        silence.probedUs = nowUs;
        silence.unansweredUs ??= nowUs;
        this.#collect(due, row);
      }
      this.#nextUs = Math.min(this.#nextUs, this.#dueUs(silence));
    }
    const ballot = this.#options.ballot();
    for (const [agent, entries] of due) {
      this.#options.environment.send(agent, { type: 'agent-probe', entries, ballot });
    }
  }

  /** When the silence is to be looked at again. */
  #dueUs({ probedUs, unansweredUs, hostUp }: Silence): number {
    const { heartbeatPeriodUs, timeoutUs } = this.#options.config.resources;
    const probeUs = probedUs + heartbeatPeriodUs;
    return hostUp && unansweredUs !== null ? Math.min(probeUs, unansweredUs + timeoutUs) : probeUs;
  }

  #collect(entries: Map<Address, Entry[]>, row: number): void {
    const { part } = this.#options;
    const agent = part.agentOf(row);
    const list = entries.get(agent) ?? [];
    list.push({ resource: part.resourceOf(row), token: part.tokenOf(row), handle: row });
    entries.set(agent, list);
  }
}
