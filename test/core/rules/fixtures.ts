import { parseRules, type RuleSet, type UnsignedRequest } from '../../../core/rules/index.js';
import type { LocalEntity } from '../../../core/rules/index.js';
import type { ActionConfirmed } from '../../../core/rules/messages.js';
import type { CoreObservation } from '../../../core/observations.js';
import type { Descriptor, Kind } from '../../../core/metamodel/entity.js';

export const kinds: readonly Kind[] = [
  { name: 'service', metrics: ['load', 'latency'], resolutions: [0.1, 1] },
  { name: 'worker', metrics: ['queue'], resolutions: [1] },
];

export function rulesOf(...lines: string[]): RuleSet {
  return parseRules([{ file: 'rules.yaml', text: lines.join('\n') }], kinds);
}

/** An entity that is up and in no group, unless `change` says otherwise. */
export function entity(
  resource: number,
  change: Partial<Omit<LocalEntity, 'descriptor'>> & { kind?: string; group?: string } = {},
): LocalEntity {
  const { kind = 'service', group, ...rest } = change;
  return {
    resource,
    descriptor: {
      name: `${kind}-${resource}`,
      kind,
      host: `host-${resource % 7}`,
      zone: 'zone-1',
      labels: group === undefined ? {} : { group },
    },
    state: 'up',
    incarnation: 1,
    hostUp: true,
    metrics: null,
    ...rest,
  };
}

/** A clock to be set, and a record of what was sent and observed. */
export class Recorder {
  nowUs = 0;
  sent: UnsignedRequest[] = [];
  confirmed: ActionConfirmed[] = [];
  observed: CoreObservation[] = [];

  now(): number {
    return this.nowUs;
  }
  send(_resource: number, request: UnsignedRequest): void {
    this.sent.push(request);
  }
  confirm(_resource: number, message: ActionConfirmed): void {
    this.confirmed.push(message);
  }
  observe(observation: CoreObservation): void {
    this.observed.push(observation);
  }
  descriptor(_resource: number): Descriptor | undefined {
    return undefined;
  }
  look(_resource: number): void {}

  /** What was sent since the last call, as `verb resource@incarnation #action`. */
  takeSent(): string[] {
    const words = this.sent.map(
      ({ verb, resource, incarnation, action }) => `${verb} ${resource}@${incarnation} #${action}`,
    );
    this.sent = [];
    return words;
  }

  takeObserved(): string[] {
    const words = this.observed.map((seen) => {
      const { type, ...rest } = seen;
      return [type, ...Object.values(rest).map(String)].join(' ');
    });
    this.observed = [];
    return words;
  }
}
