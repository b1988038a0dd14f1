/** Defects as patches of core's sources, each of which an exploration has to find. */

/** Source text that becomes another: it must be there, just once. */
export interface Patch {
  /** Under core/. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Defect {
  readonly name: string;
  /** Where it shows, if not in the swarm: a file of scenarios/. */
  readonly scenario?: string;
  readonly patches: readonly Patch[];
}

export const defects: readonly Defect[] = [
  {
    name: 'the actuator ignores the incarnation',
    patches: [{
      file: 'coordination/actuation.ts',
      from: '    if (incarnation !== this.#equipment.incarnation(resource)) return false;\n',
      to: '',
    }],
  },
  {
    name: 'a coordinator does not step down before a greater ballot',
    patches: [{
      file: 'election/overlay-root.ts',
      from: 'if (compareBallots(ballot, this.#ballot) > 0) this.#acknowledge(ballot);',
      to: 'if (!this.#coordinating && compareBallots(ballot, this.#ballot) > 0) {\n' +
        '      this.#acknowledge(ballot);\n    }',
    }],
  },
  {
    name: 'a ballot is announced before it is stored',
    patches: [
      {
        file: 'election/overlay-root.ts',
        from: '    this.#keep(ballot);\n    this.#coordinating = true;',
        to: '    this.#ballot = ballot;\n    this.#coordinating = true;',
      },
      {
        file: 'election/overlay-root.ts',
        from: "    this.#overlay.broadcast({ type: 'coordinator-announce', ballot });",
        to: "    this.#overlay.broadcast({ type: 'coordinator-announce', ballot });\n" +
          '    this.#keep(ballot);',
      },
    ],
  },
  {
    name: 'an old snapshot overwrites a newer model',
    patches: [
      {
        file: 'coordination/coordinator.ts',
        from: ' && delta.to >= member.version)',
        to: ')',
      },
      {
        file: 'metamodel/model.ts',
        from: "    if (known && incarnation < this.#incarnations[resource]) return 'nothing';\n",
        to: '',
      },
    ],
  },
  {
    name: 'a registration is not repeated when its answer is lost',
    patches: [{
      file: 'coordination/agent.ts',
      from: '    this.#environment.after(delayUs, AgentTimer.register, 0);',
      to: '    if (host.attempt === 0 && delayUs < 0) {\n' +
        '      this.#environment.after(delayUs, AgentTimer.register, 0);\n    }',
    }],
  },
  {
    name: 'the token of an assignment is not checked',
    patches: [{
      file: 'coordination/agent.ts',
      from: '    if (!known && (order <= 0 || fenced)) {',
      to: '    if (!known && order === 0 && fenced) {',
    }],
  },
  {
    name: 'the leaf set is not repaired',
    scenario: 'swarm-ring.yaml',
    patches: [
      {
        file: 'overlay/pastry/leaf-keeper.ts',
        from: '      if (!own) this.#tellEnds(sides);\n',
        to: '      void sides;\n',
      },
      {
        file: 'overlay/pastry/leaf-keeper.ts',
        from: '    this.#consider(message.leaves);\n',
        to: '',
      },
    ],
  },
  {
    name: 'a gap in the deltas is not noticed',
    patches: [{
      file: 'coordination/coordinator.ts',
      from: '    if (delta.from > member.version) {',
      to: '    if (delta.from > member.version && member.version < 0) {',
    }],
  },
  {
    name: 'equal counters are not ordered by node',
    patches: [{
      file: 'identity.ts',
      from: '  if (a.counter !== b.counter) return a.counter - b.counter;\n',
      to: '  if (a !== null) return a.counter - b.counter;\n',
    }],
  },
  {
    name: "a dead manager's resources are reassigned twice",
    patches: [{
      file: 'coordination/placement.ts',
      from: '    for (const resource of this.ledger.resourcesOf(manager)) ' +
        'this.assign(resource, manager);',
      to: '    for (const resource of [...this.ledger.resourcesOf(manager)]) {\n' +
        '      this.assign(resource, manager);\n      this.assign(resource, -1);\n    }',
    }],
  },
  {
    name: 'an answer to an older heartbeat counts for the newest',
    patches: [{
      file: 'coordination/pointers.ts',
      from: '    if (sequence <= ints[at + ANSWERED] || sequence > ints[at + SEQUENCE]) ' +
        'return false;\n    ints[at + ANSWERED] = sequence;',
      to: '    if (sequence < 0) return false;\n    ints[at + ANSWERED] = ints[at + SEQUENCE];',
    }],
  },
  {
    name: 'rings do not merge after a partition',
    patches: [
      {
        file: 'overlay/pastry/meeting.ts',
        from: '    this.#user.seek([nearest, from]);',
        to: '    void nearest;',
      },
      // Whoever answers a probe is taken into the leaf set anyway: so nobody is probed either.
      {
        file: 'overlay/pastry/meeting.ts',
        from: '    if (!isActive) return;\n',
        to: '    if (isActive) return;\n',
      },
    ],
  },
];
