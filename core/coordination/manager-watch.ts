/** How long an agent waits for words of the managers of its resources before it seeks others. */
import type { CoreConfig } from './config.js';
import type { CoordinationMessage } from './messages.js';
import { isEarly, Watched, type Pointers } from './pointers.js';
import type { Environment } from '../process.js';
import { earlyUs, lateShare, leastWaitUs } from '../running.js';
import { AgentTimer } from './timers.js';

export interface ManagerWatchOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig['resources'];
  readonly pointers: Pointers;
  /** Its manager counts as silent. */
  giveUp(resource: number): void;
}

export class ManagerWatch {
  readonly #options: ManagerWatchOptions;

  constructor(options: ManagerWatchOptions) {
    this.#options = options;
  }

  /**
   * The last heartbeat has no answer yet: look again when the manager counts as silent, if that is
   * before the next beat. A beat that comes from a stall gives what waits in line time to be heard.
   */
  awaitAnswer(resource: number, lateUs: number): void {
    if (this.#options.pointers.watched(resource) !== Watched.no) return;
    const { heartbeatPeriodUs, checkPeriodUs } = this.#options.config;
    const restUs = this.#restUs(resource);
    if (restUs > heartbeatPeriodUs) return;
    const stalled = lateUs > lateShare * heartbeatPeriodUs;
    const delayUs = Math.max(stalled ? checkPeriodUs : 0, restUs - (isEarly(lateUs) ? lateUs : 0));
    this.#lookAgain(resource, stalled ? Watched.again : Watched.yes, delayUs);
  }

  #lookAgain(resource: number, watched: number, delayUs: number): void {
    this.#options.pointers.watch(resource, watched);
    this.#options.environment.after(delayUs, AgentTimer.answerDeadline, resource);
  }

  onDeadline(resource: number): void {
    const pointers = this.#options.pointers;
    const again = pointers.watched(resource) === Watched.again;
    pointers.watch(resource, Watched.no);
    if (pointers.manager(resource) === -1 || pointers.isAnswered(resource)) return;
    const { heartbeatPeriodUs, checkPeriodUs } = this.#options.config;
    const restUs = this.#restUs(resource);
    // It has been heard since: the next beat looks after it.
    if (restUs > heartbeatPeriodUs) return;
    const sinceUs = pointers.sinceBeatUs(resource, this.#options.environment.now());
    if (sinceUs >= -earlyUs && sinceUs < restUs) {
      this.#lookAgain(resource, Watched.yes, Math.max(leastWaitUs, restUs - sinceUs));
    } else if (sinceUs > (1 + lateShare) * heartbeatPeriodUs && !again) {
      // The beat is overdue as well: it stood still, and answers may wait in line.
      this.#lookAgain(resource, Watched.again, checkPeriodUs);
    } else {
      // If the clock was set back after the beat, the timer alone says that the time is over.
      this.#options.giveUp(resource);
    }
  }

  /** From the last beat, when the manager counts as silent; less than nothing: it did by then. */
  #restUs(resource: number): number {
    const { heartbeatPeriodUs, answerTimeoutUs } = this.#options.config;
    return answerTimeoutUs - this.#options.pointers.silentUs(resource, heartbeatPeriodUs);
  }

  /**
   * A crashed resource is silent, so it gets no answers; its manager should find that out and
   * probe once a period. If not even that comes, the manager is gone too.
   */
  endure(resource: number, lateUs: number): void {
    const { heartbeatPeriodUs, timeoutUs, checkPeriodUs, answerTimeoutUs } = this.#options.config;
    const patienceUs = timeoutUs + checkPeriodUs + heartbeatPeriodUs + answerTimeoutUs;
    const silentUs = this.#options.pointers.silentUs(resource, heartbeatPeriodUs);
    // What waits in line after a stall may be a probe: its last period counts from the next beat.
    const stalled = lateUs > lateShare * heartbeatPeriodUs;
    if (silentUs - (stalled ? heartbeatPeriodUs : 0) > patienceUs) this.#options.giveUp(resource);
  }
}
