/** Time without global rules, and what a new coordinator was told; by docs/measuring.md. */
import type { Line } from './lines.js';

export class Succession {
  readonly withoutUs: number[] = [];
  readonly orphansUs: number[] = [];
  readonly #told: number[] = [];
  #reportBytes = 0;
  readonly #warmUpUs: number;
  /** Who enforces global rules, whether since some time nobody did, and whether on all groups. */
  #inForce: readonly number[] = [];
  #lostUs: number | null = null;
  readonly #partly: Record<number, number> = {};
  readonly #electedAt: Record<number, number> = {};

  constructor(warmUpUs: number) {
    this.#warmUpUs = warmUpUs;
  }

  get reportBytes(): number | null {
    const { length } = this.#told;
    return length === 0 ? null : this.#told.reduce((a, b) => a + b) / length;
  }

  add({ t, p, type, message, bytes, groups }: Line): void {
    switch (type) {
      case 'message-sent':
        if (message === 'manager-heartbeat' || message === 'model-snapshot') {
          this.#reportBytes += bytes as number;
        }
        break;
      case 'coordinator-elected':
        this.#electedAt[p] ??= this.#reportBytes;
        break;
      case 'model-rebuilt':
        if (t >= this.#warmUpUs && p in this.#electedAt) {
          this.#told.push(this.#reportBytes - this.#electedAt[p]);
        }
        delete this.#electedAt[p];
        break;
      case 'rules-enforced':
        this.#enforces(t, p, groups === 'all');
        break;
      case 'coordinator-resigned':
      case 'process-down':
        delete this.#electedAt[p];
        delete this.#partly[p];
        if (this.#inForce.join() === String(p)) this.#lostUs = t;
        this.#inForce = this.#inForce.filter((one) => one !== p);
        break;
      default:
    }
  }

  #enforces(t: number, p: number, onAll: boolean): void {
    if (this.#lostUs !== null) {
      if (this.#lostUs >= this.#warmUpUs) this.withoutUs.push(t - this.#lostUs);
      this.#partly[p] = t;
    }
    this.#lostUs = null;
    if (!this.#inForce.includes(p)) this.#inForce = [...this.#inForce, p];
    if (!onAll || !(p in this.#partly)) return;
    if (this.#partly[p] >= this.#warmUpUs) this.orphansUs.push(t - this.#partly[p]);
    delete this.#partly[p];
  }
}
