import t from 'tap';
import { noStatistics } from '../../analysis/statistics/samples.js';
import { Plane } from './plane.js';

const once = (value: number) => ({ mean: value, p50: value, p95: value, p99: value, max: value });

void t.test('a run without faults: no episode, statistics of nothing are null', (t) => {
  const { summary, episodes, stories, timeseries, interrupted } = new Plane()
    .at(100)
    .sample()
    .finish(1000);
  t.equal(summary.scenario, 'by-hand');
  t.equal(summary.digest, 'd1');
  t.equal(summary.simulatedSeconds, 1000);
  t.equal(summary.events, 17);
  t.same(episodes, []);
  t.same(stories, []);
  t.notOk(interrupted);
  t.equal(summary.recovery.episodes, 0);
  t.same(summary.recovery.settle, noStatistics);
  t.same(summary.detection.seconds, noStatistics);
  t.same(summary.elections, { count: 0, roleChanges: 0, seconds: noStatistics });
  t.same(summary.availability, { managedShare: 1, resourcesUpShare: 1 });
  t.same(summary.final, {
    healthy: true,
    coordinators: 1,
    managers: 4,
    resources: 6,
    unmanaged: 0,
  });
  t.equal(timeseries.length, 2, 'a row per sample, and one for the rest');
  t.equal(timeseries[0]?.managed_share_min, 0, 'nothing was managed in the first second');
  t.equal(timeseries[0]?.managed_share, 0.99);
  t.end();
});

void t.test('a resource: crash, detection, repair, and the shares meanwhile', (t) => {
  const plane = new Plane();
  plane.at(200).fault(0, 'crash', 'service-1', [], [0]).state(0, 'down');
  plane.at(225.5).suspect(1, 0).show(0, 'down');
  plane.at(225.5).see(1, {
    type: 'rule-fired',
    rule: 'restart',
    scope: 'local',
    target: 'service-1',
  });
  plane.see(1, {
    type: 'action-started',
    rule: 'restart',
    verb: 'restart',
    resource: 0,
    action: 1,
  });
  const authority = { ballot: plane.lastBallot, sequence: 1 };
  plane.at(226).see(plane.agent(0), {
    type: 'actuated',
    resource: 0,
    verb: 'restart',
    incarnation: 1,
    authority,
  });
  plane.state(0, 'starting', true).show(0, 'starting');
  plane.at(230).state(0, 'up').show(0, 'up');
  plane.see(-1, { type: 'fault-ended', fault: 0 });
  plane.see(1, {
    type: 'action-ended',
    rule: 'restart',
    resource: 0,
    action: 1,
    outcome: 'succeeded',
  });
  const { summary, episodes, faults } = plane.finish(1000);
  t.same(summary.detection.seconds, once(25.5));
  t.equal(summary.detection.count, 1);
  t.equal(summary.detection.byTarget.resource.count, 1);
  t.same(summary.repair, { count: 1, unrepaired: 0, seconds: once(30) });
  t.same(summary.faults, { injected: 1, byKind: { crash: 1 } });
  t.same(summary.recovery.perFault, { count: 1, censored: 0, ...once(26) });
  t.same(summary.rules.byRule, { restart: 1 });
  t.match(summary.rules.actions, { started: 1, succeeded: 1, failed: 0, duplicated: 0 });
  t.same(episodes, [], 'a resource is not the management plane');
  t.same(
    [...faults],
    [
      {
        fault: 0,
        time_s: 200,
        kind: 'crash',
        target: 'service-1',
        scope: 'resources',
        cleared_s: 230,
        detected_s: 225.5,
        recovered_s: 226,
        censored: false,
      },
    ],
  );
  const share = summary.availability.resourcesUpShare ?? 0;
  t.ok(Math.abs(share - (1 - 30 / 900 / 6)) < 1e-12, 'one of six was down for 30 of 900 s');
  t.equal(summary.availability.managedShare, 1, 'only live resources count');
  t.end();
});

void t.test('a fault still open at the end is censored; one that took nothing is not', (t) => {
  const plane = new Plane();
  plane.at(200).fault(0, 'crash', 'service-1', [], [0]).state(0, 'down');
  plane.at(300).fault(1, 'loss', 'all links').at(301).see(-1, { type: 'fault-ended', fault: 1 });
  const { summary, faults } = plane.finish(1000);
  t.match([...faults], [
    { fault: 0, recovered_s: null, censored: true },
    { fault: 1, recovered_s: null, censored: false },
  ]);
  t.match(summary.recovery.perFault, { count: 0, censored: 1 });
  t.end();
});

void t.test('a crash that is over unnoticed is missed; a suspicion for nothing is counted', (t) => {
  const plane = new Plane();
  plane.at(200).state(0, 'down');
  plane.at(210).state(0, 'starting', true).state(0, 'up');
  plane.at(215).suspect(1, 0, 1);
  plane.at(300).suspect(1, 2);
  plane.at(400).state(3, 'down');
  const { detection, repair } = plane.finish(1000).summary;
  t.equal(detection.count, 0);
  t.equal(detection.missed, 1);
  t.equal(detection.falsePositives, 1, 'the late suspicion of a former life is none');
  t.equal(detection.pending, 1);
  t.equal(repair.count, 1);
  t.equal(repair.unrepaired, 1);
  t.end();
});

/** Manager 0, the coordinator, crashes at 300 s; manager 2 takes over; all is well at 340 s. */
function failover(plane: Plane): Plane {
  plane.at(300).fault(0, 'crash', 'manager-1', [0]).see(0, { type: 'process-down' });
  const ballot = plane.lastBallot;
  plane.at(320).see(3, { type: 'coordinator-suspected', ballot });
  plane.at(321).see(1, { type: 'coordinator-suspected', ballot });
  plane.at(325).elect(1, [3]).send('overlay-broadcast', 3, 90);
  plane.at(326).elect(2, [1, 3]).see(1, {
    type: 'coordinator-resigned',
    ballot,
    successor: plane.lastBallot,
  });
  for (let resource = 0; resource < 6; resource += 1) plane.at(340).show(resource, 'up');
  return plane;
}

void t.test('a fail-over: election of the ballot that lasts, episode, phases, bound', (t) => {
  const plane = failover(new Plane());
  const { summary, episodes, stories, faults } = plane.finish(1000);
  t.same(summary.elections, { count: 1, roleChanges: 2, seconds: once(26) });
  t.same(summary.detection.byTarget.coordinator.seconds, once(20));
  const [episode] = episodes;
  t.equal(episodes.length, 1);
  t.match(episode, {
    start_s: 300,
    end_s: 340,
    duration_s: 40,
    settle_s: 40,
    last_fault_s: 300,
    censored: false,
    faults: 1,
    first_detected_s: 320,
    detected_s: 320,
    elected_s: 326,
    reregistered_s: null,
    synced_s: 340,
    cause: 'crash of the coordinator',
  });
  t.equal(typeof episode?.bound_s, 'number');
  t.equal(summary.recovery.maxSettleShare, 40 / episode.bound_s!);
  t.same(summary.recovery.settle, once(40));
  t.equal([...faults][0]?.detected_s, 320);
  t.match(
    stories[0]?.text,
    /^At 5 min manager-1, the coordinator, crashed\. manager-4 missed the answers of manager-1 /,
  );
  t.match(stories[0]?.text, /20 s later; manager-2 was elected 5 s after that; .*manager-3 was /);
  t.match(stories[0]?.text, /the model was complete and all was well 40 s after the crash \(bound/);
  t.end();
});

void t.test('messages: steady rates leave episodes out, extra counts what they cost', (t) => {
  const plane = new Plane(['coordination.resources.heartbeatPeriod=10s']);
  plane.at(50).send('resource-heartbeat', 1000, 1000).at(100).sample();
  plane.at(200).send('resource-heartbeat', 600, 24_000).sample();
  // Within the episode of 40 s: six live resources should send 24 heartbeats.
  failover(plane);
  plane.send('resource-heartbeat', 34, 34 * 50).at(340.000001).see(-1, { type: 'mark', name: '' });
  plane.at(500).send('resource-heartbeat', 400, 16_000).sample();
  const { summary, messages, episodes } = plane.finish(1000);
  t.equal(summary.messages.byType['resource-heartbeat']?.sent, 1034, 'without the warm-up');
  t.same(Object.keys(summary.messages.byType), ['resource-heartbeat', 'overlay-broadcast']);
  const heartbeat = messages.find(({ type }) => type === 'resource-heartbeat');
  // The end of the episode is told by the observation 1 us later.
  const steady = (900e6 - 40_000_001) / 1e6;
  t.equal(heartbeat?.per_second, 1000 / steady);
  t.equal(heartbeat?.bytes_per_second, 40_000 / steady);
  t.equal(episodes[0]?.extra_messages, 3 + 10);
  t.equal(episodes[0]?.extra_bytes, 90 + 34 * 50 - 24 * 40);
  t.equal(summary.recovery.extraMessages, 13);
  t.end();
});

void t.test('what keeping the overlay costs: all of its own that carries nothing', (t) => {
  const plane = new Plane();
  plane.at(100).sample().at(200);
  plane.send('overlay-probe', 30, 900).send('overlay-leaves-answer', 10, 4000);
  plane.send('overlay-route', 50, 4000).send('resource-heartbeat', 70, 1000).sample();
  const { overlay, messages } = plane.finish(1000).summary;
  t.equal(messages.sent, 160);
  t.equal(overlay.maintenanceMessages, 40);
  t.equal(overlay.maintenanceBytes, 4900);
  // Four managers live for the 900 s after the warm-up.
  t.equal(overlay.perManagerSecond, 40 / (4 * 900));
  t.end();
});

void t.test('hops are those of routes that ended after the warm-up', (t) => {
  const none = new Plane();
  t.same(none.finish(1000).summary.overlay.hops, { count: 0, mean: null, max: null });
  const plane = new Plane();
  plane.at(99).see(1, { type: 'route-ended', hops: 9 });
  for (const [index, hops] of [0, 3, 1, 2].entries()) {
    plane.at(100 + index).see(index, { type: 'route-ended', hops });
  }
  t.same(plane.finish(1000).summary.overlay.hops, { count: 4, mean: 1.5, max: 3 });
  t.end();
});

void t.test('an episode needs the hold window to end, and is censored otherwise', (t) => {
  const plane = new Plane();
  const ballot = plane.lastBallot;
  const lose = () => plane.see(2, { type: 'ballot-acknowledged', ballot: null });
  const regain = () => plane.see(2, { type: 'ballot-acknowledged', ballot });
  plane.at(300).see(3, { type: 'process-down' });
  lose();
  plane.at(310);
  regain();
  plane.at(319);
  lose();
  plane.at(330);
  regain();
  plane.at(340);
  lose();
  plane.at(341);
  regain();
  plane.at(995);
  lose();
  const { episodes, summary } = plane.finish(1000);
  t.same(
    episodes.map(({ start_s: start, end_s: end }) => [start, end]),
    [
      [300, 330],
      [340, 341],
      [995, null],
    ],
    'healthy for 9 s is not over, healthy for 10 s is',
  );
  t.equal(episodes[1]?.last_fault_s, 300, 'within the bound of the last disturbance');
  t.equal(episodes[1]?.settle_s, 41);
  t.equal(episodes[2]?.last_fault_s, null, 'of its own accord');
  t.equal(summary.recovery.censored, 1);
  t.equal(summary.final.healthy, false);
  t.end();
});

void t.test('healthy when the run ends, but not for long enough: censored', (t) => {
  const plane = new Plane();
  plane.at(990).see(2, { type: 'ballot-acknowledged', ballot: null });
  plane.at(995).see(2, { type: 'ballot-acknowledged', ballot: plane.lastBallot });
  const { episodes } = plane.finish(1000);
  t.equal(episodes.length, 1);
  t.match(episodes[0], { censored: true, end_s: null, settle_s: null });
  t.end();
});

void t.test('an episode that the warm-up ends in counts from there', (t) => {
  const plane = new Plane();
  plane.at(50).see(2, { type: 'ballot-acknowledged', ballot: null });
  plane.at(130).see(2, { type: 'ballot-acknowledged', ballot: plane.lastBallot });
  const { episodes } = plane.finish(1000);
  t.match(episodes, [{ start_s: 100, end_s: 130, duration_s: 30 }]);
  t.end();
});

void t.test('a partition: one election, in the zones that lost the coordinator', (t) => {
  const plane = new Plane();
  // Zones are dealt in turn: managers 0 and 2 here, 1 and 3 there.
  plane.at(300).fault(0, 'partition', 'zone-1 | zone-2');
  plane.see(-1, { type: 'reachability', groups: [0, 1] });
  plane.at(322).see(0, { type: 'manager-suspected', manager: 3 });
  plane.at(330).elect(3, [1]);
  plane.at(400).see(-1, { type: 'fault-ended', fault: 0 });
  plane.see(-1, { type: 'reachability', groups: [0, 0] });
  const { summary, faults, episodes } = plane.finish(1000);
  t.same(summary.elections, { count: 1, roleChanges: 1, seconds: once(30) });
  t.same(
    [...faults].map(({ scope, detected_s: at, cleared_s: over }) => [scope, at, over]),
    [['management', 322, 400]],
  );
  t.equal(summary.detection.falsePositives, 0);
  t.equal(episodes[0]?.cause, 'partition and end of partition');
  t.equal(episodes[0]?.faults, 1, 'began and ended in it: one fault');
  t.end();
});

void t.test('the coordinator comes back before anyone took over: no election', (t) => {
  const plane = new Plane();
  plane.at(300).see(0, { type: 'process-paused' });
  plane.at(303).see(0, { type: 'process-resumed' });
  plane.at(400).elect(0);
  t.equal(plane.finish(1000).summary.elections.count, 0);
  t.end();
});

void t.test('an interrupted run says so', (t) => {
  const record = new Plane().at(100).sample().finish(150, true);
  t.ok(record.interrupted);
  t.equal(record.summary.simulatedSeconds, 150);
  t.end();
});
