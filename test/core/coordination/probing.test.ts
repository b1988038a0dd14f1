import t from 'tap';
import { Probing } from '../../../core/coordination/probing.js';
import { Part } from '../../../core/metamodel/part.js';
import { change } from '../metamodel/changes.js';
import { MemoryWorld } from '../overlay/memory-world.js';
import { config } from './fixtures.js';

const { heartbeatPeriodUs, timeoutUs, checkPeriodUs } = config.resources;

/** Probing of one listed resource, which has just fallen silent. */
class ProbingBench {
  readonly world = new MemoryWorld(1);
  readonly changes: number[] = [];
  probing!: Probing;
  #nowUs = 0;

  constructor() {
    const part = new Part(1);
    change(part, { do: 'add', resource: 0 });
    this.world.host(1, (environment) => {
      this.probing = new Probing({
        environment, part, config, ballot: () => null, alternates: () => [],
        hostChanged: () => void this.changes.push(this.#nowUs),
      });
      const nothing = (): void => undefined;
      return { start: nothing, receive: nothing, onTimer: nothing };
    });
    this.world.start(1);
    this.probing.begin(0);
  }

  /** Looks until then; `answers`: the agent answers whatever it is asked. */
  until(endUs: number, answers = false): void {
    for (; this.#nowUs <= endUs; this.#nowUs += checkPeriodUs) {
      const asked = this.world.sent.length;
      this.probing.check(this.#nowUs, this.#nowUs);
      if (answers && this.world.sent.length > asked) this.probing.answered(0);
    }
  }
}

t.test('an agent that answers is never presumed dead', async (t) => {
  const bench = new ProbingBench();
  bench.until(20 * timeoutUs, true);
  t.same(bench.changes, []);
  t.ok(bench.probing.isHostUp(0));
  t.equal(bench.world.messages('agent-probe').length, 20 * timeoutUs / heartbeatPeriodUs + 1);
});

t.test('a host is presumed dead one timeout after the first probe without answer', async (t) => {
  const bench = new ProbingBench();
  bench.until(10 * heartbeatPeriodUs, true);
  bench.until(10 * heartbeatPeriodUs + 2 * timeoutUs);
  // The probe at ten periods was the last that was answered.
  t.same(bench.changes, [11 * heartbeatPeriodUs + timeoutUs + checkPeriodUs]);
  t.notOk(bench.probing.isHostUp(0));
  bench.probing.answered(0);
  t.ok(bench.probing.isHostUp(0), 'until it answers');
  t.equal(bench.changes.length, 2);
});

t.test('what is heard again is probed no more', async (t) => {
  const bench = new ProbingBench();
  bench.until(heartbeatPeriodUs);
  const asked = bench.world.sent.length;
  bench.probing.end(0);
  bench.until(9 * timeoutUs);
  t.equal(bench.world.sent.length, asked);
  t.ok(bench.probing.isHostUp(0));
});
