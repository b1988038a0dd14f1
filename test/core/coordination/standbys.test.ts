/** Whom a coordinator tells what it is told, and how much of it. */
import t from 'tap';
import { Remembered } from '../../../core/coordination/standby/remembered.js';
import { Standbys } from '../../../core/coordination/standby/standbys.js';
import type { Address } from '../../../core/process.js';
import type { RuleMemory } from '../../../core/rules/index.js';
import { ballotOf } from './fixtures.js';

const ballot = ballotOf(1);

function memory(resource: number): RuleMemory {
  return {
    resource, rule: 'mend', fired: 1, occasions: 0, feud: null, ripening: null,
    givenUs: 5, waiting: null, failures: null, begunUs: null, limit: null,
  };
}

class Bench {
  readonly remembered = new Remembered();
  readonly #sent: string[] = [];
  readonly standbys = new Standbys({
    perMessage: 2, remembered: this.remembered,
    send: (to, { resources, memories }) =>
      void this.#sent.push(`${resources.join()}>${to} (${memories.length})`),
  });

  tell(...resources: number[]): void {
    const told = { resources, memories: resources.map(memory) };
    this.remembered.tell(told, 0);
    this.standbys.tell({ type: 'rules-remember', ballot, ...told });
  }

  check(...line: Address[]): string[] {
    this.standbys.check(line, ballot, 100);
    return this.sent();
  }

  sent(): string[] {
    return this.#sent.splice(0);
  }
}

t.test('the next in line are told, and whoever comes to be is told all of it', async (t) => {
  const bench = new Bench();
  bench.tell(7, 8, 9);
  t.same(bench.sent(), [], 'nobody is in line yet');
  t.same(bench.check(2, 3), ['7,8>2 (2)', '7,8>3 (2)', '9>2 (1)', '9>3 (1)']);
  bench.tell(5);
  t.same(bench.sent(), ['5>2 (1)', '5>3 (1)']);
  t.same(bench.check(2, 3), []);
  t.same(bench.check(2, 4), ['7,8>4 (2)', '9,5>4 (2)'], 'manager 3 has gone');
});

t.test('what nothing is to be kept in mind of is forgotten, the rest gets older', async (t) => {
  const { remembered } = new Bench();
  remembered.tell({ resources: [7], memories: [memory(7)] }, 100);
  t.equal(remembered.of(7, 130)[0].givenUs, 35);
  t.same(remembered.of(8, 130), []);
  remembered.tell({ resources: [7], memories: [] }, 140);
  t.same(remembered.of(7, 150), []);
});
