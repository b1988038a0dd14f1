import { createHash } from 'node:crypto';
import type { Observation, ObservationSink } from '../core/observations.js';
import type { Address } from '../core/process.js';
import { dropCauses, type DropCause, type MessageCounters } from './world.js';

/** Text is hashed in pieces of about this many characters, to call into the hash seldom. */
const CHUNK = 1 << 16;

/**
 * The first so many types of messages are told even where none was sent; others only if one was, so
 * that a type more changes nothing where it is not used.
 */
const alwaysTold = 37;

/** Always written; others only where there are any, so that a new cause changes no old digest. */
const usual: readonly DropCause[] = ['partition', 'loss', 'receiver-down'];

/**
 * A fingerprint of all that was observed in a run and of its final counts: two runs with the same
 * digest gave the same results. Observations are written in a canonical form, whatever the order
 * in which their makers named the fields.
 */
export class DigestSink implements ObservationSink {
  private readonly hash = createHash('sha256');
  private text = '';
  /**
   * Ballots occur again and again. Only what holds no object is kept: tokens are as many as
   * resources.
   */
  private readonly written = new WeakMap<object, string>();
  private readonly fields = new Map<string, readonly string[]>();

  observe(timeUs: number, process: Address, observation: Observation): void {
    // What code came to is no result.
    if (observation.type === 'mark') return;
    this.write(`${timeUs} ${process}${this.format(observation)}\n`);
  }

  /** Closes the digest over the counts of the whole run. Hex. */
  finish(endUs: number, counters: MessageCounters, inFlight: number): string {
    for (const [code, type] of counters.types.entries()) {
      const { sent, duplicated, delivered, bytes, dropped } = counters;
      if (code >= alwaysTold && sent[code] + duplicated[code] === 0) continue;
      const counts = [sent, duplicated, delivered, bytes, ...usual.map((c) => dropped[c])];
      const others = dropCauses
        .filter((cause) => !usual.includes(cause) && dropped[cause][code] > 0)
        .map((cause) => ` ${cause}: ${dropped[cause][code]}`);
      this.write(`${type} ${counts.map((count) => count[code]).join(' ')}${others.join('')}\n`);
    }
    this.write(`end ${endUs} ${inFlight}\n`);
    return this.hash.update(this.text).digest('hex');
  }

  private write(line: string): void {
    this.text += line;
    if (this.text.length < CHUNK) return;
    this.hash.update(this.text);
    this.text = '';
  }

  /** The type and the values of the other fields, by name of field. */
  private format(observation: Observation): string {
    const { type } = observation;
    let names = this.fields.get(type);
    let count = -1;
    for (const name in observation) count += name === '' ? 0 : 1;
    // Of a type with optional fields, the last form is remembered.
    if (names?.length !== count) {
      names = Object.keys(observation).filter((name) => name !== 'type').sort();
      this.fields.set(type, names);
    }
    let text = ` ${type}`;
    const values = observation as unknown as Readonly<Record<string, unknown>>;
    for (const name of names) {
      const value = values[name];
      text += ' ';
      text += typeof value === 'number' ? value : this.value(value);
    }
    return text;
  }

  private value(value: unknown): string {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
    if (Array.isArray(value)) return `[${value.map((item) => this.value(item)).join()}]`;
    const known = this.written.get(value);
    if (known !== undefined) return known;
    const fields = value as Readonly<Record<string, unknown>>;
    let text = '';
    let isFlat = true;
    for (const name of Object.keys(fields).sort()) {
      isFlat &&= typeof fields[name] !== 'object';
      text += `${text === '' ? '' : ','}${name}:${this.value(fields[name])}`;
    }
    text = `{${text}}`;
    if (isFlat) this.written.set(value, text);
    return text;
  }
}
