/** Managers that balancing leaves alone. */
import t from 'tap';
import { Waits } from '../../../core/coordination/waits.js';
import { config } from './fixtures.js';

const second = 1e6;
const timeoutUs = 15 * second;

function waits(): Waits {
  return new Waits({ ...config, managers: { ...config.managers, timeoutUs } });
}
/** How long it is left alone from then on, as is seen once a second. */
function lengthOf(manager: number, of: Waits, fromUs: number): number {
  let nowUs = fromUs;
  while (of.has(manager, nowUs)) nowUs += second;
  return (nowUs - fromUs) / second;
}

void t.test('who comes and goes waits longer each time, who has stayed does not', async (t) => {
  const all = waits();
  const lengths: number[] = [];
  for (let time = 0; time < 6; time += 1) {
    all.lapsed(3, 120 * time * second);
    const backUs = (120 * time + 40) * second;
    t.notOk(all.has(4, backUs), 'another is not concerned');
    all.returned(3, backUs);
    lengths.push(lengthOf(3, all, backUs));
  }
  t.same(lengths, [0, 60, 120, 240, 480, 960]);
  all.lapsed(3, 7_200 * second);
  all.returned(3, 7_300 * second);
  t.equal(lengthOf(3, all, 7_300 * second), 0);
});

void t.test('a life that was not missed counts, and the same return once', async (t) => {
  const all = waits();
  all.livesAnew(3, 10 * second);
  all.lapsed(3, 100 * second);
  all.returned(3, 200 * second);
  all.livesAnew(3, 200 * second);
  t.equal(lengthOf(3, all, 200 * second), 60);
});

void t.test('where moves come to nothing the wait grows until one comes about', async (t) => {
  const all = waits();
  all.failed(3, 0);
  all.failed(3, 1);
  t.equal(lengthOf(3, all, 0), 60);
  all.failed(3, 100 * second);
  t.equal(lengthOf(3, all, 100 * second), 120);
  all.succeeded(3);
  t.notOk(all.has(3, 100 * second));
});
