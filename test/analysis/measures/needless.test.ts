/** What was done without need is counted by the truth. */
import t from 'tap';
import { Needless } from '../../../analysis/measures/needless.js';
import { Truth } from '../../../checker/truth/index.js';
import { ballot, makeInventory, Script, token } from '../../checker/health/world.js';

const b1 = ballot(1, 0);
const b2 = ballot(2, 1);

function counted(script: Script, warmUpUs = 0): ReturnType<Needless['summary']>['needless'] {
  const truth = new Truth(
    makeInventory({ managers: 3, agents: 2, resourcesPerAgent: 1, zones: 1 }));
  const needless = new Needless(truth, warmUpUs);
  for (const { timeUs, process, observation } of script.seen) {
    needless.observe(timeUs, process, observation);
    truth.observe(timeUs, process, observation);
  }
  return needless.summary().needless;
}

const sound = (): Script => new Script().at(0).up(0, 1, 2, 3, 4).elect(0, b1).acknowledge(b1, 1, 2)
  .state(3, 0, 'up', 1).hold(3, 0, 1, token(b1, 1)).at(100);
const none = { actions: 0, moves: 0, elections: 0 };

t.test('actions on what is up, and taken for down', async (t) => {
  const restart = (script: Script): Script => script.see(3,
    { type: 'actuated', resource: 0, verb: 'restart', incarnation: 1, authority: token(b1, 1) });
  const suspect = (): Script =>
    sound().see(1, { type: 'resource-suspected', resource: 0, incarnation: 1 });
  t.same(counted(restart(suspect())), { ...none, actions: 1 });
  t.same(counted(restart(suspect()), 101), none, 'before the warm-up is over');
  t.same(counted(restart(suspect().state(3, 0, 'down', 1))), none, 'it is down');
  t.same(counted(restart(sound())), none, 'for another reason');
});

t.test('moves from one who is there', async (t) => {
  const lost = { type: 'pointer-lost', resource: 0, why: 'silent' } as const;
  const moved = { type: 'resource-moved', resource: 0, from: 1, to: 2, why: 'balance' } as const;
  t.same(counted(sound().hold(3, 0, 2, token(b1, 2))), { ...none, moves: 1 });
  t.same(counted(sound().see(3, lost).hold(3, 0, 2, token(b1, 2))), { ...none, moves: 1 });
  t.same(counted(sound().hold(3, 0, 2, token(b1, 2)).see(0, moved)), none, 'on purpose');
  t.same(counted(sound().down(1).hold(3, 0, 2, token(b1, 2))), none, 'who is down');
});

t.test('elections while another has the role', async (t) => {
  t.same(counted(sound().elect(1, b2)), { ...none, elections: 1 });
  t.same(counted(sound().down(0).elect(1, b2)), none);
  t.same(counted(sound().see(0, { type: 'process-leaving' }).elect(1, b2)), none);
});
