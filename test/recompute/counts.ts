/**
 * What summary.json and messages.csv count, counted again from a trace with messages: by the words
 * of docs/measuring.md alone, without a line of the code that counts in a run.
 */
import type { Line } from './lines.js';

/** What was sent of one type. */
export interface Sent {
  readonly sent: number;
  readonly bytes: number;
}

interface OfType {
  sent: number;
  duplicated: number;
  delivered: number;
  dropped: number;
  bytes: number;
}

/** Counts from the end of the warm-up on. */
export class Counts {
  readonly byType = new Map<string, OfType>();
  readonly droppedBy = new Map<string, number>();
  readonly faultsByKind = new Map<string, number>();
  readonly actions = new Map<string, number>();
  readonly rules = new Map<string, number>();
  readonly moves = { balance: 0, leave: 0 };
  /** What brakes held back, by cause, and how often each of the others happened. */
  readonly held = new Map<string, number>();
  readonly brakes = { 'rule-gave-up': 0, 'rule-resumed': 0, 'rules-fight': 0 };
  readonly hops: number[] = [];
  started = 0;
  readonly #warmUpUs: number;
  /** Of messages that are on their way, by their ids: of what type, and in how many copies. */
  readonly #onTheWay = new Map<number, { readonly type: string; copies: number }>();
  /** Of which no copy is, in this instant: another may come yet where the first was lost. */
  readonly #spent = new Set<number>();
  #nowUs = 0;
  /** In the warm-up too. */
  readonly #sent = new Map<string, { sent: number; bytes: number }>();
  /** Those that have not ended, with who wanted them. */
  readonly #actions = new Map<string, number>();

  constructor(warmUpUs: number) {
    this.#warmUpUs = warmUpUs;
  }

  add(line: Line): void {
    if (line.t > this.#nowUs) {
      this.#nowUs = line.t;
      for (const id of this.#spent) this.#onTheWay.delete(id);
      this.#spent.clear();
    }
    if (line.type === 'message-sent') {
      const type = line['message'] as string;
      this.#onTheWay.set(line['id'] as number, { type, copies: 1 });
      let own = this.#sent.get(type);
      if (own === undefined) this.#sent.set(type, own = { sent: 0, bytes: 0 });
      own.sent += 1;
      own.bytes += line['bytes'] as number;
    }
    if (line.t >= this.#warmUpUs) this.#count(line);
    this.#copies(line);
  }

  /** Of long traces only what is on its way can be kept. */
  #copies({ type, id }: Line): void {
    const change = { 'message-duplicated': 1, 'message-received': -1, 'message-dropped': -1 }[type];
    if (change === undefined) return;
    const message = this.#onTheWay.get(id as number)!;
    message.copies += change;
    if (message.copies === 0) this.#spent.add(id as number);
    else this.#spent.delete(id as number);
  }

  /** Since the run began. */
  soFar(): ReadonlyMap<string, Sent> {
    return new Map([...this.#sent].map(([type, own]) => [type, { ...own }]));
  }

  #count(line: Line): void {
    const word = (field: string): string => line[field] as string;
    switch (line.type) {
      case 'message-sent': {
        const own = this.#ofType(line);
        own.sent += 1;
        own.bytes += line['bytes'] as number;
        break;
      }
      case 'message-duplicated':
        this.#ofType(line).duplicated += 1;
        break;
      case 'message-received':
        this.#ofType(line).delivered += 1;
        break;
      case 'message-dropped':
        this.#ofType(line).dropped += 1;
        more(this.droppedBy, word('cause'));
        break;
      case 'fault-began':
        more(this.faultsByKind, word('kind'));
        break;
      case 'rule-fired':
        more(this.rules, word('rule'));
        break;
      case 'action-started':
        this.started += 1;
        more(this.actions, 'underWay');
        this.#actions.set(`${line.p} ${line['action'] as number}`, line.p);
        break;
      case 'action-ended':
        this.#endAction(`${line.p} ${line['action'] as number}`, word('outcome'));
        break;
      case 'process-down':
        for (const [action, owner] of this.#actions) {
          if (owner === line.p) this.#endAction(action, 'lost');
        }
        break;
      case 'action-held':
        more(this.held, word('cause'));
        break;
      case 'rule-gave-up':
      case 'rule-resumed':
      case 'rules-fight':
        this.brakes[line.type] += 1;
        break;
      case 'resource-moved':
        this.moves[word('why') as 'leave'] += 1;
        break;
      case 'route-ended':
        this.hops.push(line['hops'] as number);
        break;
      default:
    }
  }

  #endAction(action: string, end: string): void {
    if (!this.#actions.delete(action)) return;
    more(this.actions, 'underWay', -1);
    more(this.actions, end);
  }

  #ofType(line: Line): OfType {
    const { type } = this.#onTheWay.get(line['id'] as number)!;
    let own = this.byType.get(type);
    if (own === undefined) {
      own = { sent: 0, duplicated: 0, delivered: 0, dropped: 0, bytes: 0 };
      this.byType.set(type, own);
    }
    return own;
  }

  sum(what: keyof OfType): number {
    return [...this.byType.values()].reduce((total, own) => total + own[what], 0);
  }
}

function more(counts: Map<string, number>, key: string, by = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
