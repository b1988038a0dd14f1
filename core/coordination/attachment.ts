/**
 * A manager's tie to the coordinator, which may be this very node: reports what has changed in its
 * part, watches whether that is answered, and takes its leave.
 */
import type { CoreConfig } from './config.js';
import type { Election } from '../election/index.js';
import { mark } from '../marks.js';
import type { CoordinationMessage, ManagerHeartbeatAnswer } from './messages.js';
import type { Part } from '../metamodel/part.js';
import type { Overlay } from '../overlay/index.js';
import type { Address, Environment } from '../process.js';
import type { CoordinatorRole } from './coordinator-role.js';
import type { PartCopied } from './standby-messages.js';
import { PartCopies } from './standby/part-copies.js';

export interface AttachmentOptions {
  readonly environment: Environment<CoordinationMessage>;
  readonly config: CoreConfig;
  readonly part: Part;
  readonly election: Election;
  readonly overlay: Overlay;
  readonly role: CoordinatorRole;
  /** Also to this node itself. */
  send(to: Address, message: CoordinationMessage): void;
}

export class Attachment {
  readonly #options: AttachmentOptions;
  readonly #part: Part;
  readonly #election: Election;
  /** Null without an inventory: who keeps a copy finds descriptors there. */
  readonly #copies: PartCopies | null;
  #sequence = 0;
  /** Of the latest heartbeat that was answered, or the last to a former coordinator. */
  #answeredSequence = 0;
  /** The version of the part that the present coordinator holds. */
  #acknowledged = 0;
  /** The same, when the latest heartbeat was sent. */
  #heldThen = 0;
  /** When the latest heartbeat that was answered had been sent. */
  #answeredUs = 0;
  /** When the heartbeats up to the latest were sent that wait for an answer; the first first. */
  readonly #sentUs: number[] = [];
  /** Since when this node has been leaving; null: it stays. */
  #leavingUs: number | null = null;

  constructor(options: AttachmentOptions) {
    this.#options = options;
    this.#part = options.part;
    this.#election = options.election;
    const { config, environment, part } = options;
    this.#copies = config.inventory !== true ? null : new PartCopies({
      part, address: environment.address, perMessage: config.entriesPerMessage,
      patienceUs: config.managers.heartbeatPeriodUs, now: () => environment.now(),
      send: (to, message) => environment.send(to, message),
    });
  }

  get isLeaving(): boolean {
    return this.#leavingUs !== null;
  }

  /** To a coordinator that has heard nothing of this manager yet; as a standby it may have. */
  begin(): void {
    const { ballot } = this.#election;
    this.#acknowledged = ballot === null ? 0 : this.#copies?.succeeded(ballot.address) ?? 0;
    this.#answeredUs = this.#options.environment.now();
    this.#answeredSequence = this.#sequence;
    this.#sentUs.length = 0;
    this.beat();
  }

  /** Reports what has changed. */
  beat(): void {
    const { environment, config, role } = this.#options;
    const { ballot } = this.#election;
    if (ballot === null) return;
    if (ballot.address === environment.address && role.coordinator === null) return;
    const deltas = this.#part.since(this.#acknowledged, config.entriesPerMessage);
    const unanswered = this.#sequence - this.#answeredSequence;
    this.#sequence += 1;
    this.#heldThen = this.#acknowledged;
    this.#sentUs.push(environment.now());
    const { version } = this.#part;
    for (const [index, part] of deltas.entries()) {
      this.#options.send(ballot.address, index === 0
        ? {
          type: 'manager-heartbeat', sequence: this.#sequence, ballot, version, unanswered, part,
        }
        : { type: 'model-snapshot', ballot, part });
    }
    this.#copies?.tell(ballot);
    if (this.#leavingUs !== null) this.#tellLeave(false);
  }

  onAnswer(from: Address, message: ManagerHeartbeatAnswer): void {
    this.#election.hear(message.ballot, from);
    const { ballot } = this.#election;
    if (ballot === null || from !== ballot.address) return;
    // One to a heartbeat that is still to be sent was meant for a former life of this node.
    if (message.sequence > this.#sequence) return;
    if (message.sequence > 0) this.#note(message.sequence);
    this.#follow(message);
    if (message.incarnation !== this.#part.incarnation) return;
    // Nobody can hold more than there is.
    if (message.version > this.#part.version) return;
    if (message.version >= this.#acknowledged) {
      this.#acknowledged = message.version;
      this.#part.acknowledged(message.version, this.#copies?.heldByAll);
      if (this.#leavingUs !== null) this.depart(this.#options.environment.now());
    } else if (message.sequence === this.#sequence && message.version < this.#heldThen) {
      // The coordinator no longer has what it once acknowledged. An older answer may just be late,
      // or the one to the first piece be overtaken by that to a later one.
      this.#acknowledged = message.version;
      this.beat();
    }
  }

  onPartCopied(from: Address, message: PartCopied): void {
    this.#copies?.onCopied(from, message);
  }

  /** Who is next in line, and whether this node is. */
  #follow({ ballot, heirs }: ManagerHeartbeatAnswer): void {
    const { environment: { address }, role } = this.#options;
    if (heirs === null) return;
    // What the coordinator lists itself is in nobody's hands when it is gone.
    this.#copies?.keepAt(ballot.address === address ? [] : heirs);
    if (!heirs.includes(address)) role.dropParts();
  }

  /** An answer shows that the coordinator lived when that heartbeat was sent, not later. */
  #note(sequence: number): void {
    const answered = this.#sentUs.splice(0, this.#sentUs.length - this.#sequence + sequence);
    this.#answeredUs = answered.at(-1) ?? this.#answeredUs;
    this.#answeredSequence = Math.max(this.#answeredSequence, sequence);
    if (sequence === this.#sequence) this.#election.calm();
  }

  /** The periodic look at a coordinator that is another node, and its silence as of then. */
  watch(judgedUs: number): void {
    const { environment, config } = this.#options;
    const { ballot } = this.#election;
    if (ballot === null || judgedUs - this.#answeredUs <= config.managers.answerTimeoutUs) return;
    environment.observe({ type: 'coordinator-suspected', ballot });
    this.#answeredUs = environment.now();
    this.#sentUs.length = 0;
    this.#election.suspect();
  }

  // -- leaving

  /** Hands the coordinator's role over, if this node has it, then everything that it lists. */
  leave(): void {
    if (this.#leavingUs !== null) return;
    this.#leavingUs = this.#options.environment.now();
    this.#options.role.coordinator?.windUp();
    this.#tellLeave(false);
    this.depart(this.#leavingUs);
  }

  /** Goes once the role and all listings are with others, and the coordinator knows it. */
  depart(nowUs: number): void {
    const { environment, config, role: { coordinator } } = this.#options;
    const { heartbeatPeriodUs } = config.managers;
    const elapsedUs = nowUs - this.#leavingUs!;
    if (elapsedUs >= config.leaveTimeoutUs) {
      mark(environment, 'left before everything was handed over');
      this.#sayGoodbye();
    } else if (coordinator !== null) {
      // Its successor's ballot would end the moves under way: they are over in two periods.
      if (coordinator.isQuiet || elapsedUs >= 2 * heartbeatPeriodUs) {
        this.#election.leave(coordinator.gone().slice(0, config.entriesPerMessage));
      }
    } else {
      this.#election.leave([]);
      // What it let go of and did not tell would be given to a third one in its last moment.
      const isLate = elapsedUs >= config.leaveTimeoutUs - heartbeatPeriodUs;
      if (isLate && this.#acknowledged !== this.#part.version) this.beat();
      const isKnown = this.#election.ballot !== null && this.#acknowledged === this.#part.version;
      if (this.#part.size === 0 && isKnown) this.#sayGoodbye();
    }
  }

  #sayGoodbye(): void {
    this.#tellLeave(true);
    this.#options.overlay.leave();
    this.#options.environment.exit();
  }

  #tellLeave(done: boolean): void {
    const { ballot } = this.#election;
    if (ballot === null || ballot.address === this.#options.environment.address) return;
    const { incarnation } = this.#part;
    this.#options.send(ballot.address, { type: 'manager-leave', incarnation, done });
  }
}
