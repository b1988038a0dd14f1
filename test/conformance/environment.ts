/** What every world must do for a process; each implementation runs it. */
import type { Test } from 'tap';
import type { BuiltInMessage } from '../../core/messages.js';
import type { Address, Environment } from '../../core/process.js';

/** One thing that happens to a process. */
export type Occasion =
  | { readonly what: 'start' }
  | { readonly what: 'message'; readonly from: Address; readonly message: BuiltInMessage }
  | { readonly what: 'timer'; readonly kind: number; readonly argument: number };

/** What a process does on an occasion. */
export type Conduct = (environment: Environment, occasion: Occasion) => void;

/** Two processes, 0 and 1, that both do the same. */
export interface EnvironmentWorld {
  /** Lets so much time pass, in microseconds of the world. */
  advance(us: number): Promise<void>;
  stop(): Promise<void>;
}

const note = (hop: number): BuiltInMessage =>
  ({ type: 'overlay-ack', hop, node: '0'.repeat(32) });

/** The real time goes on meanwhile, in whatever world. */
function dawdle(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

type During = (us: number, conduct: Conduct) => Promise<void>;

/** Runs the suite as subtests of `t`, each in a world of its own. */
export async function environmentConformance(
  t: Test, create: (conduct: Conduct) => Promise<EnvironmentWorld>,
): Promise<void> {
  const during: During = async (us, conduct) => {
    const world = await create(conduct);
    await world.advance(us);
    await world.stop();
  };
  await timeConformance(t, during);
  await turnConformance(t, during);
}

async function timeConformance(t: Test, during: During): Promise<void> {
  await t.test('time stands still while one thing is handled, and only then', async (t) => {
    const times: number[][] = [];
    await during(100_000, (environment, { what }) => {
      if (environment.address !== 0) return;
      const from = environment.now();
      dawdle(2);
      times.push([from, environment.now()]);
      if (what === 'start') environment.setTimer(10_000, 1, 0);
    });
    t.equal(times.length, 2);
    for (const [from, until] of times) t.equal(from, until);
    t.ok(times[1][0] - times[0][0] >= 9000);
  });

  await t.test('timers fire once, with their kind and argument, no more than 1 ms early',
    async (t) => {
      let fromUs = 0;
      const fired: (readonly [kind: number, argument: number, us: number])[] = [];
      await during(200_000, (environment, occasion) => {
        if (environment.address !== 0 || occasion.what === 'message') return;
        if (occasion.what === 'timer') {
          fired.push([occasion.kind, occasion.argument, environment.now() - fromUs]);
          return;
        }
        fromUs = environment.now();
        environment.setTimer(30_000, 1, 7);
        environment.after(20_000, 2, 8);
        environment.cancelTimer(environment.setTimer(10_000, 3, 9));
      });
      t.same(fired.map(([kind, argument]) => [kind, argument]), [[2, 8], [1, 7]]);
      t.ok(fired[0][2] >= 19_000 && fired[1][2] >= 29_000);
    });

  await t.test('a timer that is due and not fired yet can be cancelled', async (t) => {
    const fired: number[] = [];
    let second = 0;
    await during(100_000, (environment, occasion) => {
      if (environment.address !== 0 || occasion.what === 'message') return;
      if (occasion.what === 'start') {
        environment.setTimer(10_000, 1, 0);
        second = environment.setTimer(10_000, 2, 0);
        return;
      }
      fired.push(occasion.kind);
      environment.cancelTimer(second);
      environment.cancelTimer(second);
    });
    t.same(fired, [1]);
  });

  await t.test('delays are whole and not below zero', async (t) => {
    await during(10_000, (environment, { what }) => {
      if (what !== 'start') return;
      for (const delay of [-1, 0.5, NaN, Infinity]) {
        t.throws(() => environment.setTimer(delay, 1, 0), RangeError, `${delay}`);
        t.throws(() => environment.after(delay, 1, 0), RangeError, `${delay}`);
      }
    });
  });
}

async function turnConformance(t: Test, during: During): Promise<void> {
  await t.test('nothing happens to a process within what it handles', async (t) => {
    let depth = 0;
    const seen: string[] = [];
    await during(100_000, (environment, occasion) => {
      depth += 1;
      t.equal(depth, 1, occasion.what);
      if (environment.address === 0) {
        seen.push(occasion.what);
        if (occasion.what === 'start') {
          environment.send(0, note(1));
          environment.send(1, note(2));
          environment.setTimer(0, 1, 0);
          environment.after(0, 2, 0);
        }
      }
      depth -= 1;
    });
    t.same(seen.filter((what) => what === 'timer').length, 2);
    t.equal(seen[0], 'start');
  });

  await t.test('who has gone hears nothing any more, and ends what it is at', async (t) => {
    const seen: string[] = [];
    await during(100_000, (environment, { what }) => {
      if (environment.address === 1) {
        environment.send(0, note(1));
        environment.after(5000, 1, 0);
        return;
      }
      seen.push(what);
      environment.after(1000, 1, 0);
      environment.exit();
      seen.push('after');
    });
    t.same(seen.slice(0, 2), ['start', 'after']);
    t.equal(seen.length, 2);
  });

  await t.test('what is put is there at once, and what is deleted is not', async (t) => {
    await during(10_000, ({ store }, { what }) => {
      if (what !== 'start') return;
      t.equal(store.get('key'), undefined);
      store.put('key', { list: [1, 'two', null] });
      t.same(store.get('key'), { list: [1, 'two', null] });
      store.sync();
      store.delete('key');
      t.equal(store.get('key'), undefined);
    });
  });

  await t.test('what is drawn is in [0, 1), and not the same for both', async (t) => {
    const drawn: number[] = [];
    await during(10_000, ({ random }, { what }) => {
      if (what === 'start') drawn.push(random.next(), random.next());
    });
    t.ok(drawn.every((one) => one >= 0 && one < 1));
    t.equal(new Set(drawn).size, 4);
  });
}
