/** A management plane whose observations are written by hand. */
import { createRecorder } from '../../analysis/index.js';
import type { Recorder, RunRecord } from '../../analysis/index.js';
import type { Ballot } from '../../core/identity.js';
import { messageTypes } from '../../core/messages.js';
import type { MessageType } from '../../core/messages.js';
import type { ResourceState } from '../../core/metamodel/entity.js';
import type { Observation } from '../../core/observations.js';
import { buildInventory } from '../../experiment/inventory.js';
import type { Inventory } from '../../experiment/inventory.js';
import { parseScenario } from '../../checker/scenario.js';
import { MessageCounters } from '../../experiment/world.js';

const second = 1_000_000;

/** Four managers in two zones, six resources with a host each; warm-up 100 s, hold window 10 s. */
const scenario = `
name: by-hand
duration: 1000s
warmUp: 100s
system:
  managers: 4
  zones: 2
  resources: [{ kind: service, count: 6 }]
measure: { hold: 10s, samples: 10 }
invariants: []
`;

export class Plane {
  readonly inventory: Inventory;
  readonly recorder: Recorder;
  readonly counters = new MessageCounters();
  private nowUs = 0;
  private counter = 0;
  private sequence = 0;
  private ballot: Ballot | null = null;
  private readonly incarnations: number[];

  /** All is up, coordinated by manager 0, held by manager 1 and modelled, from 1 s on. */
  constructor(overrides: readonly string[] = []) {
    const resolved = parseScenario(scenario, 'by-hand.yaml', { set: overrides });
    this.inventory = buildInventory(resolved);
    this.recorder = createRecorder(resolved, this.inventory);
    this.incarnations = Array.from({ length: this.inventory.resources }, () => 1);
    const { managers, agents, resources } = this.inventory;
    for (let process = 0; process < managers + agents; process += 1) {
      this.see(process, { type: 'process-up', incarnation: 1 });
    }
    for (let resource = 0; resource < resources; resource += 1) this.state(resource, 'up');
    this.at(1);
    this.elect(0);
    for (let resource = 0; resource < resources; resource += 1) {
      this.hold(resource, 1);
      this.show(resource, 'up');
    }
  }

  at(seconds: number): this {
    this.nowUs = seconds * second;
    return this;
  }

  see(process: number, observation: Observation): this {
    for (const sink of this.recorder.sinks) sink.observe(this.nowUs, process, observation);
    return this;
  }

  send(type: MessageType, sent: number, bytes: number): this {
    const index = messageTypes.indexOf(type);
    this.counters.sent[index] += sent;
    this.counters.delivered[index] += sent;
    this.counters.bytes[index] += bytes;
    return this;
  }

  sample(): this {
    this.recorder.sample(this.nowUs, this.counters);
    return this;
  }

  /** The manager takes a new ballot, which the given others acknowledge with it. */
  elect(manager: number, others: readonly number[] = [0, 1, 2, 3]): this {
    this.counter += 1;
    const node = this.inventory.nodeId(manager, 0);
    this.ballot = { counter: this.counter, node, incarnation: 1, address: manager };
    this.see(manager, { type: 'coordinator-elected', ballot: this.ballot });
    for (const other of new Set([manager, ...others])) {
      this.see(other, { type: 'ballot-acknowledged', ballot: this.ballot });
    }
    return this;
  }

  get lastBallot(): Ballot {
    return this.ballot!;
  }

  hold(resource: number, manager: number): this {
    this.sequence += 1;
    const token = { ballot: this.ballot!, sequence: this.sequence };
    this.see(manager, { type: 'listing-added', resource, token });
    return this.see(this.agent(resource), { type: 'pointer-set', resource, manager, token });
  }

  show(resource: number, state: ResourceState): this {
    const incarnation = this.incarnations[resource];
    const { address } = this.ballot!;
    return this.see(address, { type: 'model-entity', resource, state, incarnation, manager: 1 });
  }

  state(resource: number, state: ResourceState, reborn = false): this {
    if (reborn) this.incarnations[resource] += 1;
    const incarnation = this.incarnations[resource];
    return this.see(this.agent(resource), { type: 'resource-state', resource, state, incarnation });
  }

  suspect(by: number, resource: number, incarnation = this.incarnations[resource]): this {
    return this.see(by, { type: 'resource-suspected', resource, incarnation });
  }

  fault(
    fault: number,
    kind: string,
    target: string,
    processes: readonly number[] = [],
    resources: readonly number[] = [],
  ): this {
    return this.see(-1, { type: 'fault-began', fault, kind, target, processes, resources });
  }

  agent(resource: number): number {
    return this.inventory.agentOf[resource];
  }

  finish(seconds: number, interrupted = false): RunRecord {
    return this.recorder.finish({
      digest: 'd1',
      eventDigest: 'e1',
      endUs: seconds * second,
      interrupted,
      events: 17,
      counters: this.counters,
      inFlight: 0,
    });
  }
}
