/**
 * What summary.json and messages.csv count, counted again from a trace with messages: by the words
 * of docs/measuring.md alone, without a line of the code that counts in a run.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A line of trace.jsonl. */
export interface Line {
  readonly t: number;
  readonly p: number;
  readonly type: string;
  readonly [field: string]: unknown;
}

export async function* linesOf(path: string): AsyncGenerator<Line> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    yield JSON.parse(line) as Line;
  }
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
  readonly hops: number[] = [];
  /** When each fault began, and when it was over, in the warm-up too. */
  readonly faults = new Map<number, { readonly beganUs: number; clearedUs: number | null }>();
  started = 0;
  roleChanges = 0;
  readonly #warmUpUs: number;
  /** Type of each message, by its id. */
  readonly #types = new Map<number, string>();
  readonly #acting = new Set<number>();
  /** Those that have not ended, with who wanted them. */
  readonly #actions = new Map<string, number>();
  #elected = false;

  constructor(warmUpUs: number) {
    this.#warmUpUs = warmUpUs;
  }

  add(line: Line): void {
    if (line.type === 'message-sent') {
      this.#types.set(line['id'] as number, line['message'] as string);
    }
    const counts = line.t >= this.#warmUpUs;
    if (line.type === 'coordinator-elected') {
      if (counts && this.#elected && !this.#acting.has(line.p)) this.roleChanges += 1;
      this.#elected = true;
      this.#acting.add(line.p);
    } else if (line.type === 'coordinator-resigned' || line.type === 'process-down') {
      this.#acting.delete(line.p);
    }
    if (line.type === 'fault-began') {
      this.faults.set(line['fault'] as number, { beganUs: line.t, clearedUs: null });
    } else if (line.type === 'fault-ended') {
      this.faults.get(line['fault'] as number)!.clearedUs = line.t;
    }
    if (counts) this.#count(line);
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
    const type = this.#types.get(line['id'] as number)!;
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
