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
  /** It shows only where settings are drawn too. */
  readonly settings?: 'drawn';
  readonly patches: readonly Patch[];
}

export const defects: readonly Defect[] = [
  {
    name: 'the actuator ignores the incarnation',
    patches: [{
      file: 'coordination/actuation.ts',
      from: "    if (incarnation !== this.#devices.incarnation(resource)) return 'moved-on';\n",
      to: '',
    }],
  },
  {
    name: 'a coordinator does not step down before a greater ballot',
    patches: [{
      file: 'election/overlay-root.ts',
      from: 'if (order > 0 && isAnswer) this.#acknowledge(ballot);',
      to: 'if (order > 0 && isAnswer && !this.#coordinating) this.#acknowledge(ballot);',
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
        file: 'coordination/assembling.ts',
        from: ' && delta.to >= member.version;',
        to: ';',
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
      file: 'coordination/registering.ts',
      from: '    search.timer = this.#environment.setTimer(delayUs, AgentTimer.register, 0);\n',
      to: '',
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
      file: 'coordination/assembling.ts',
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
      from: '      this.#whole.doubt(resource, manager);\n      this.assign(resource, manager);\n',
      to: '      this.#whole.doubt(resource, manager);\n      this.assign(resource, manager);\n' +
        '      this.assign(resource, -1);\n',
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
  {
    name: 'an action is begun without an intent',
    patches: [{
      file: 'coordination/actuation.ts',
      from: '    this.#environment.store.put(key(resource), intent);\n' +
        '    this.#environment.store.sync();\n',
      to: '',
    }],
  },
  {
    name: 'an intent is not synced before its action',
    patches: [{
      file: 'coordination/actuation.ts',
      from: '    this.#environment.store.put(key(resource), intent);\n' +
        '    this.#environment.store.sync();\n',
      to: '    this.#environment.store.put(key(resource), intent);\n',
    }],
  },
  {
    name: 'a ballot is not synced',
    patches: [{
      file: 'election/overlay-root.ts',
      from: "    this.#environment.store.put('ballot', ballot);\n" +
        '    this.#environment.store.sync();\n',
      to: "    this.#environment.store.put('ballot', ballot);\n",
    }],
  },
  {
    name: 'managers follow the orders of a deposed coordinator',
    patches: [{
      file: 'coordination/listings.ts',
      from: '  onAssign(message: ResourceAssign): void {\n' +
        '    if (!this.#isInForce(message)) return;\n',
      to: '  onAssign(message: ResourceAssign): void {\n    this.#isInForce(message);\n',
    }],
  },
  {
    name: 'what lives again is probed for ever',
    patches: [{
      file: 'coordination/listings.ts',
      from: 'resource, incarnation });\n    this.#probing.end(row);\n',
      to: 'resource, incarnation });\n',
    }],
  },
  {
    name: 'metrics go up once only',
    patches: [{
      file: 'metamodel/part.ts',
      from: ' || moved(metrics, told, resolutions)) this.#touch(row);',
      to: ') this.#touch(row);',
    }],
  },
  {
    name: 'a removal is forgotten before it is acknowledged',
    patches: [{
      file: 'metamodel/part.ts',
      from: 'tombstone.version > upTo);',
      to: 'tombstone.version > upTo + 1);',
    }],
  },
  {
    name: 'some that crash are never restarted',
    patches: [{
      file: 'rules/local.ts',
      from: '        this.#runner.request({ rule: rule as ActingRule, resource, incarnation, ' +
        'group: null });',
      to: '        if (resource % 2 === 0) {\n' +
        '          this.#runner.request(\n' +
        '            { rule: rule as ActingRule, resource, incarnation, group: null },\n' +
        '          );\n' +
        '        }',
    }],
  },
  {
    name: 'a rule does not cool down',
    settings: 'drawn',
    patches: [{
      file: 'rules/cooldown.ts',
      from: '    if (begunUs === undefined || nowUs >= begunUs + cooldownUs) return null;\n',
      to: '    if (begunUs !== Infinity) return null;\n',
    }],
  },
  {
    name: 'rules act in silences, and only there',
    settings: 'drawn',
    patches: [{
      file: 'rules/silence.ts', from: 'if (isIn && placeOf', to: 'if (!isIn && placeOf',
    }],
  },
];
