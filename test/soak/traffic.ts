/** Steady heartbeat traffic against the configuration. */
import { messageTypes, type MessageType } from '../../core/messages.js';
import { parseScenario } from '../../checker/scenario.js';
import type { Check, Finding } from './check.js';
import { simulate } from './simulate.js';

export const traffic: Check = async (scale, progress) => {
  const [hours, managers, resources] = scale === 'long' ? [4, 50, 950] : [0.5, 20, 200];
  progress(`${hours} quiet hours`);
  const scenario = parseScenario(
    `
name: traffic
duration: ${hours * 3600}s
system:
  managers: ${managers}
  zones: 4
  resources: [{ kind: service, count: ${resources} }]
  kinds: { service: {} }
coordination:
  resources: { heartbeatPeriod: 10s }
  managers: { heartbeatPeriod: 12s }
`,
    'traffic.yaml',
  );
  const warmUpUs = 240e6;
  const start = new Float64Array(messageTypes.length);
  const { result } = await simulate(scenario, {
    prepare: (world) => {
      world.callAt(warmUpUs, () => {
        start.set(world.counters.sent);
      });
    },
  });
  const seconds = (result.endUs - warmUpUs) / 1e6;
  const expected: [MessageType, number][] = [
    ['resource-heartbeat', resources / 10],
    ['resource-heartbeat-answer', resources / 10],
    ['manager-heartbeat', (managers - 1) / 12],
    ['manager-heartbeat-answer', (managers - 1) / 12],
  ];
  return expected.map(([type, perSecond]): Finding => {
    const index = messageTypes.indexOf(type);
    const measured = (result.counters.sent[index] - start[index]) / seconds;
    const off = measured / perSecond - 1;
    return {
      what: `steady ${type}`,
      measured: `${measured.toFixed(4)} per s`,
      wanted: `${perSecond.toFixed(4)} per s within 0.5% (is ${(100 * off).toFixed(3)}%)`,
      ok: Math.abs(off) <= 0.005,
    };
  });
};
