import type { Token } from '../../core/identity.js';
import type { Heard, Observation } from '../../core/observations.js';
import type { Address } from '../../core/process.js';
import { ballotKey, NO_BALLOT, type BallotNumbers } from '../truth/index.js';
import { Watch } from './watch.js';

type PointerSet = Observation & { type: 'pointer-set' };
type Actuated = Observation & { type: 'actuated' };

/**
 * Safety of the agents: once one has heard of a ballot, a lesser one gives it nothing new. The
 * assignment that it obeys stays good, whoever made it, until a greater one comes; so local actions
 * carry the token of that assignment and need not know the present coordinator.
 */
export class NoObedienceToTheDeposed extends Watch {
  static readonly title = 'no-obedience-to-the-deposed';
  static readonly meaning =
    'No agent takes an assignment or a command under a lesser ballot than it has heard of.';
  readonly hears = ['process-up', 'ballot-heard', 'pointer-set', 'actuated'] as const;
  /** Number of the greatest ballot that each process has heard of in this life. */
  readonly #heard: Int32Array;
  /** The greatest token that each resource's agent has obeyed in this life. */
  readonly #ballot: Int32Array;
  readonly #sequence: Float64Array;

  constructor(context: Watch['context']) {
    super(context);
    const { managers, agents, resources } = context.inventory;
    this.#heard = new Int32Array(managers + agents).fill(NO_BALLOT);
    this.#ballot = new Int32Array(resources).fill(NO_BALLOT);
    this.#sequence = new Float64Array(resources);
  }

  observe(
    timeUs: number, process: Address, observation: Heard<NoObedienceToTheDeposed['hears']>,
  ): void {
    switch (observation.type) {
      case 'process-up':
        this.#forget(process);
        break;
      case 'ballot-heard':
        this.#hear(process, this.#ballots.numberOf(observation.ballot));
        break;
      case 'pointer-set':
        this.#onPointer(timeUs, process, observation);
        break;
      case 'actuated':
        this.#onActuated(timeUs, process, observation);
        break;
      default:
    }
  }

  get #ballots(): BallotNumbers {
    return this.context.health.truth.ballots;
  }

  #forget(process: Address): void {
    this.#heard[process] = NO_BALLOT;
    const { truth } = this.context.health;
    if (truth.isManager(process)) return;
    const end = truth.firstResourceOf(process + 1);
    this.#ballot.fill(NO_BALLOT, truth.firstResourceOf(process), end);
  }

  #hear(process: Address, ballot: number): void {
    if (this.#ballots.compare(ballot, this.#heard[process]) > 0) this.#heard[process] = ballot;
  }

  #onPointer(timeUs: number, process: Address, { resource, token }: PointerSet): void {
    const ballot = this.#ballots.numberOf(token.ballot);
    const order = this.#compareToLatest(resource, ballot, token.sequence);
    if (order < 0) {
      const old = `an assignment older than the last (${this.#words(token)})`;
      this.break(timeUs, `${this.resource(resource)} obeys ${old}`);
    } else if (order > 0) {
      this.#check(timeUs, process, ballot, `takes ${this.resource(resource)}'s assignment`);
    }
    this.#hear(process, ballot);
    this.#ballot[resource] = ballot;
    this.#sequence[resource] = token.sequence;
  }

  #onActuated(timeUs: number, process: Address, { resource, verb, authority }: Actuated): void {
    const ballot = this.#ballots.numberOf(authority.ballot);
    const act = `${verb} of ${this.resource(resource)}`;
    if (authority.sequence === 0) {
      // A command of the coordinator itself.
      this.#check(timeUs, process, ballot, `carries out a ${act}`);
      this.#hear(process, ballot);
    } else if (this.#compareToLatest(resource, ballot, authority.sequence) < 0) {
      const old = `under an assignment that is over (${this.#words(authority)})`;
      this.break(timeUs, `${this.process(process)} carries out a ${act} ${old}`);
    }
  }

  #check(timeUs: number, process: Address, ballot: number, what: string): void {
    const heard = this.#heard[process];
    if (this.#ballots.compare(ballot, heard) >= 0) return;
    const [given, greater] = [ballot, heard].map((number) => this.#ballots.ballot(number)!);
    const why = `ballot ${ballotKey(given)} although it heard of ${ballotKey(greater)}`;
    this.break(timeUs, `${this.process(process)} ${what} under ${why}`);
  }

  #compareToLatest(resource: number, ballot: number, sequence: number): number {
    const order = this.#ballots.compare(ballot, this.#ballot[resource]);
    return order !== 0 ? order : sequence - this.#sequence[resource];
  }

  #words({ ballot, sequence }: Token): string {
    return `ballot ${ballotKey(ballot)}, number ${sequence}`;
  }
}
