/** What is under way on a resource is known to whoever comes to decide about it. */
import t from 'tap';
import { deedsIn, grow, plotted, restart, shrink } from './actions-under-way.js';
import { inTime } from '../length.js';

/** From the start of the action (about 20 s) on, every ten seconds, and after its end. */
const moments = Array.from({ length: 26 }, (_, index) => 21 + 10 * index);
const few = moments.filter((_, index) => index % 3 === 0);
const some = moments.filter((_, index) => index % 5 === 0);

for (const seed of inTime([1], [1, 2])) {
  void t.test(`one of five is stopped, whenever the coordinator dies, seed ${seed}`, async (t) => {
    for (const at of seed === 1 ? inTime(few, moments) : some) {
      const faults = `{ at: ${at}s, crash: coordinator }`;
      const { acted, up, broken } = await deedsIn(plotted({ seed, rule: shrink, faults }));
      t.same([acted, up, broken], [{ stop: 1 }, 4, []], `at ${at} s`);
    }
  });

  void t.test(`one of two spares is started, whenever it dies, seed ${seed}`, async (t) => {
    for (const at of some) {
      const faults = `{ at: ${at}s, crash: coordinator }`;
      const plot = { seed, rule: grow, faults, spares: 2 };
      const { acted, up, broken } = await deedsIn(plotted(plot));
      t.same([acted, up, broken], [{ start: 1 }, 4, []], `at ${at} s`);
    }
  });

  void t.test(`one that is down is restarted once, whenever its manager dies, seed ${seed}`,
    async (t) => {
      for (const at of some) {
        const faults = `{ at: 65s, crash: web-3 }, { at: ${at + 50}s, crash: { fullest: 1 } }`;
        const { acted, up, broken } = await deedsIn(plotted({ seed, rule: restart, faults }));
        t.same([acted, up, broken], [{ restart: 1 }, 5, []], `at ${at} s`);
      }
    });

  void t.test(`an action that expires goes on all the same, seed ${seed}`, async (t) => {
    const plot = { seed, rule: shrink, faults: '{ at: 100s, crash: coordinator }' };
    const plotted60 = plotted({
      ...plot, coordination: 'resources: { heartbeatPeriod: 60s }, actions: { timeout: 5s }',
    });
    const { acted, up } = await deedsIn(plotted60);
    t.same([acted, up], [{ stop: 1 }, 4]);
  });

  void t.test(`paused ones return, others die, clocks run wrong, seed ${seed}`, async (t) => {
    const lots: readonly string[] = [
      '{ at: 40s, pause: coordinator, repairAfter: 90s }',
      '{ at: 40s, crash: coordinator, repairAfter: 60s }, { at: 140s, crash: coordinator }',
      '{ at: 40s, leave: coordinator, repairAfter: 60s }',
      '{ at: 30s, partition: { isolate: [coordinator] }, repairAfter: 100s }',
    ];
    for (const faults of lots) {
      const system = 'clocks: { drift: 0.01%, offset: 1s }';
      const { acted, up, broken } = await deedsIn(plotted({ seed, rule: shrink, faults, system }));
      t.same([acted, up, broken], [{ stop: 1 }, 4, []], faults);
    }
  });

  void t.test(`with deadlines it is the same, seed ${seed}`, async (t) => {
    for (const at of inTime([51], few)) {
      const faults = `{ at: ${at}s, crash: coordinator }`;
      const coordination = 'actions: { deadlines: true }';
      const stops = await deedsIn(plotted({ seed, rule: shrink, faults, coordination }));
      t.same([stops.acted, stops.up, stops.broken], [{ stop: 1 }, 4, []], `at ${at} s`);
    }
  });
}
