import type { Observation, ObservationSink } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import type { ResolvedScenario } from '../../experiment/scenario/index.js';

/**
 * Whether notices of global rules bear ids of their own: none is given twice unless it is marked as
 * what may be a repeat. Judged as long as there is one coordinator at a time, messages arrive, and
 * each successor was told what its predecessor's rules kept in mind: else ids begin anew.
 */
export class NoticeView implements ObservationSink {
  readonly hears = [
    'notified', 'rule-fired', 'rules-enforced', 'coordinator-resigned', 'reachability',
    'links-changed', 'process-paused', 'host-slowed',
  ] as const;
  /** The first that was given twice. */
  flaw: { readonly explanation: string; readonly timeS: number } | null = null;
  #isJudged: boolean;
  /** By rule, target and occasion. */
  readonly #given = new Set<string>();
  /** The latest that fired: a notice follows at once. */
  #isGlobal = false;
  #knowsFrom = -1;

  constructor({ network: { loss, impairments }, coordination }: ResolvedScenario) {
    this.#isJudged = loss === 0 && impairments.length === 0 && coordination.actions.handOn === true;
  }

  observe(timeUs: number, _process: Address, observation: Observation): void {
    if (!this.#isJudged) return;
    switch (observation.type) {
      case 'rule-fired':
        this.#isGlobal = observation.scope === 'global';
        return;
      case 'notified':
        if (this.#isGlobal) this.#onNotice(timeUs, observation);
        return;
      case 'rules-enforced': {
        const { groups, ballot: { counter } } = observation;
        if (groups === 'known') this.#knowsFrom = counter;
        else if (counter !== this.#knowsFrom) this.#given.clear();
        return;
      }
      default:
        this.#isJudged = false;
    }
  }

  #onNotice(timeUs: number, notice: Extract<Observation, { type: 'notified' }>): void {
    const { rule, target, occasion, isRepeat } = notice;
    const id = `${rule}\n${target}\n${occasion}`;
    if (this.#given.has(id) && isRepeat !== true) {
      this.flaw ??= {
        explanation: `${rule} gave notice ${occasion} of ${target} twice, and did not mark it`,
        timeS: timeUs / 1e6,
      };
    }
    this.#given.add(id);
  }
}
