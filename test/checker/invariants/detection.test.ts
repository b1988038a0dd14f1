/** Who is dead is given up in time, and nobody else is: in the watcher's own running time. */
import t from 'tap';
import type { Observation } from '../../../core/observations.js';
import { Script, token } from '../health/world.js';
import { b1, b2, broken, sound } from './fixture.js';

// The timeouts of the fixture: 30 at least and 40 at most, a period of 10, a delay of 1, a look of
// 5.

const suspected: Observation & { type: 'resource-suspected' } = {
  type: 'resource-suspected', resource: 0, incarnation: 3,
};
const harm = (delayUs: number): Observation => ({
  type: 'links-changed', loss: 0, harm: { loss: 0, bursts: [], delayUs, bitsPerSecond: null },
});
const plain: Observation = { type: 'links-changed', loss: 0 };
const clock = (stepUs: number, drift = 0): Observation => ({ type: 'clock-set', stepUs, drift });

/** The process stands still so often, for 10 each, every 20. */
function stutter(script: Script, process: number, fromUs: number, times: number): Script {
  for (let count = 0; count < times; count += 1) {
    script.at(fromUs + 20 * count + 5).see(process, { type: 'process-paused' })
      .at(fromUs + 20 * count + 15).see(process, { type: 'process-resumed' });
  }
  return script;
}

t.test('a dead resource is given up in time', async (t) => {
  const at = (script: Script, timeUs: number): number | undefined =>
    broken('dead-given-up', script.at(timeUs).see(2, suspected))?.timeUs;
  const dead = (): Script => sound().at(600).state(3, 0, 'down', 3);
  t.equal(at(dead(), 641), undefined);
  t.equal(at(dead(), 642), 642);
  t.equal(at(sound().at(600).down(3), 642), 642, 'with its host');
  t.equal(at(sound().at(590).see(-1, harm(20)).at(600).state(3, 0, 'down', 3), 661), undefined,
    'its last heartbeat is late');
  t.equal(at(stutter(dead(), 2, 600, 2), 671), undefined, 'two stalls, and a look for each');
  t.equal(at(stutter(dead(), 2, 600, 2), 672), 672, 'and no more');
  t.equal(at(stutter(dead(), 2, 600, 10), 799), 799, 'however often');
  t.equal(at(dead().at(610).see(2, clock(-300)), 646), undefined, 'a step costs a look');
  t.equal(at(dead().at(610).see(2, clock(-300)), 647), 647, 'whatever the clock shows');
  t.equal(at(dead().at(620).hold(3, 0, 2, token(b2, 2)), 661), undefined, 'listed anew');
  t.equal(at(dead().at(640).state(3, 0, 'starting', 4), 700), undefined, 'it lives again');
  t.equal(broken('dead-given-up', dead())?.timeUs, 1000, 'never');
  t.match(broken('dead-given-up', dead())?.explanation,
    /manager-3 has not given up web-1, which is down/);
});

t.test('a dead manager is given up in time', async (t) => {
  const gone = (): Script => sound().at(560).see(1, {
    type: 'model-entity', resource: 0, state: 'up', incarnation: 3, manager: 2,
  }).at(600).down(2);
  const at = (script: Script, timeUs: number): number | undefined => broken(
    'dead-given-up', script.at(timeUs).see(1, { type: 'manager-suspected', manager: 2 }))?.timeUs;
  t.equal(at(gone(), 641), undefined);
  t.equal(at(gone(), 642), 642);
  t.equal(at(stutter(gone(), 1, 600, 10), 799), 799, 'by a coordinator that stutters');
  const unmet = sound().at(600).down(0);
  t.equal(broken('dead-given-up', unmet), null, 'that coordinator has not met it');
  const resigned = { type: 'coordinator-resigned', ballot: b2, successor: b1 } as const;
  t.equal(at(gone().at(610).see(1, resigned), 900),
    undefined, 'nor is it coordinator any more');
  t.equal(at(gone().at(620).up(2).at(650).down(2), 690), undefined, 'it was back');
  const missed = sound().at(600).down(2).at(640)
    .see(1, { type: 'manager-suspected', manager: 2 })
    .see(1, { type: 'model-entity', resource: 0, state: 'unknown', incarnation: 3, manager: 2 });
  t.equal(broken('dead-given-up', missed), null, 'given up before anything told that it was met');
});

t.test('a dead coordinator is given up in time', async (t) => {
  const gone = (): Script => sound().at(600).down(1);
  const at = (script: Script, timeUs: number): number | undefined => broken('dead-given-up', script
    .at(timeUs).see(0, { type: 'coordinator-suspected', ballot: b2 })
    .see(2, { type: 'coordinator-suspected', ballot: b2 }))?.timeUs;
  t.equal(at(gone(), 641), undefined);
  t.equal(at(gone(), 642), 642);
  t.equal(at(gone().at(630).acknowledge({ ...b1, counter: 7 }, 0, 2), 900), undefined,
    'there is another');
});

t.test('nobody is suspected whom the watcher had no time to hear', async (t) => {
  const at = (script: Script, process: number, seen: Observation): number | undefined =>
    broken('no-hasty-suspicion', script.see(process, seen))?.timeUs;
  t.equal(at(sound().at(700), 2, suspected), 700, 'it has heard it all the time');
  const fallen = sound().at(600).state(3, 0, 'down', 3).at(700);
  t.equal(at(fallen, 2, suspected), undefined, 'it is down');
  const apart = { type: 'reachability', groups: [0, 1] } as const;
  t.equal(at(sound().at(600).see(-1, apart).at(700), 2, suspected),
    700, 'of the same zone');
  t.equal(at(sound().at(600).see(-1, { type: 'reachability', groups: [0, 1] }).at(700), 1,
    { type: 'manager-suspected', manager: 2 }), undefined, 'cut off');
  t.equal(at(sound().at(600).see(-1, harm(20)).at(700), 2, suspected), undefined, 'late messages');
  t.equal(at(sound().at(600).see(-1, harm(20)).at(620).see(-1, plain).at(700), 2, suspected), 700,
    'once they are all there');
  t.equal(at(stutter(sound(), 2, 600, 1).at(640), 2, suspected), 640,
    'it has run for 25 since it woke');
  t.equal(at(sound().at(600).down(3).at(601).hold(4, 1, 2, token(b2, 9)).at(630), 2,
    { ...suspected, resource: 1 }), 630, 'listed just now');
  t.equal(at(sound().at(700), 1, { type: 'manager-suspected', manager: 2 }), 700);
  t.equal(at(sound().at(700), 2, { type: 'coordinator-suspected', ballot: b2 }), 700);
  t.equal(at(sound().at(600).down(1).at(640), 2, { type: 'coordinator-suspected', ballot: b2 }),
    undefined, 'it is down');
  t.equal(at(sound().at(700), 3, { type: 'pointer-lost', resource: 0, why: 'silent' }), 700);
  const lost = { type: 'pointer-lost', resource: 0, why: 'silent' } as const;
  t.equal(at(sound().at(600).down(2).at(640), 3, lost),
    undefined, 'its manager is down');
});

t.test('what a watcher could not hear because it slept all along may be suspected', async (t) => {
  // It never runs for a period and a round trip: with bad luck it hears nothing of what is sent.
  const script = stutter(sound(), 2, 600, 15);
  t.equal(broken('no-hasty-suspicion', script.at(899).see(2, suspected))?.timeUs, undefined);
});

t.test('an agent that stutters gives its manager up all the same', async (t) => {
  const lost: Observation = { type: 'pointer-lost', resource: 0, why: 'silent' };
  const at = (script: Script, timeUs: number): number | undefined =>
    broken('dead-managers-given-up', script.at(timeUs).see(3, lost))?.timeUs;
  const gone = (): Script => stutter(sound().at(600).down(2), 3, 600, 2);
  t.equal(at(gone(), 670), undefined, 'two stalls, and a look for each');
  t.equal(at(gone(), 671), 671, 'and no more');
  t.equal(at(sound().at(600).down(2).at(700).up(2), 701), 701, 'its return comes too late');
  t.equal(at(sound().at(600).down(2).at(620).up(2), 701), undefined, 'in time');
});
