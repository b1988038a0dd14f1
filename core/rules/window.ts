import { lengthUs, type WindowMemory } from './memory.js';

/**
 * How much has been begun in a sliding window of time. What is under way may be carried out at any
 * time until it has ended, or its deadline has passed: it counts from when it is begun until a
 * whole window after its end. So no window of the actuators' own holds more than the limit.
 */
export class Window {
  readonly #atMost: number;
  readonly #perUs: number;
  #underWay = 0;
  /** When those ended that count still, or will have ended at the latest; in order. */
  #endedUs: number[] = [];
  /** Until then somebody else, of whom nothing is known, may have used it all. */
  readonly #unknownUntilUs: number;

  constructor(atMost: number, perUs: number, unknownUntilUs = 0) {
    this.#atMost = atMost;
    this.#perUs = perUs;
    this.#unknownUntilUs = unknownUntilUs;
  }

  /** When to ask again, later than now; null: there is room for one. */
  fullUntilUs(nowUs: number): number | null {
    if (nowUs < this.#unknownUntilUs) return this.#unknownUntilUs;
    while ((this.#endedUs[0] ?? Infinity) <= nowUs - this.#perUs) this.#endedUs.shift();
    if (this.#underWay + this.#endedUs.length < this.#atMost) return null;
    const [firstUs] = this.#endedUs;
    return firstUs === undefined || firstUs > nowUs ? nowUs + 1 : firstUs + this.#perUs;
  }

  /** Whether it may be full only because nothing is known yet. */
  isUnknown(nowUs: number): boolean {
    return nowUs < this.#unknownUntilUs;
  }

  began(): void {
    this.#underWay += 1;
  }

  ended(nowUs: number): void {
    this.#underWay -= 1;
    this.#note(nowUs);
  }

  /** Somebody else may carry one out until then, and perhaps says when it is over. */
  lend(untilUs: number): void {
    this.#note(untilUs);
  }

  /** @param atUs - when it ended; null: it was never begun */
  lentBack(untilUs: number, atUs: number | null): void {
    const place = this.#endedUs.indexOf(untilUs);
    if (place < 0) return;
    this.#endedUs.splice(place, 1);
    if (atUs !== null) this.#note(atUs);
  }

  #note(atUs: number): void {
    const place = this.#endedUs.findLastIndex((endedUs) => endedUs <= atUs) + 1;
    this.#endedUs.splice(place, 0, atUs);
  }

  /** How much is under way, and how long ago each ended that may count still, the last first. */
  remember(nowUs: number): WindowMemory {
    while ((this.#endedUs[0] ?? Infinity) <= nowUs - this.#perUs) this.#endedUs.shift();
    const ended = this.#endedUs.filter((atUs) => atUs <= nowUs);
    const endedUs = ended.map((atUs) => lengthUs(atUs, nowUs)).reverse();
    return { underWay: this.#underWay, endedUs };
  }

  /** How much longer each may be carried out that is lent, the first to end first. */
  lentUs(nowUs: number): number[] {
    return this.#endedUs.filter((atUs) => atUs > nowUs).map((atUs) => lengthUs(nowUs, atUs));
  }

  /** So it was, says who has counted so far, and perhaps said before. */
  recall({ underWay, endedUs }: WindowMemory, nowUs: number, lentUs: readonly number[] = []): void {
    // Of what was under way then nobody hears the end: it may have been carried out until now.
    const ended = Array.from({ length: Math.min(underWay, this.#atMost) }, () => nowUs);
    this.#endedUs = [
      ...endedUs.map((ageUs) => nowUs - ageUs).reverse(), ...ended,
      ...lentUs.map((leftUs) => nowUs + leftUs),
    ];
  }

  /** What has ended counts no more. */
  reset(): void {
    this.#endedUs = [];
  }
}
