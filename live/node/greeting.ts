/**
 * The first that a peer says: which version of the messages it speaks, who it is, in which life,
 * and the secret of the run.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { wireVersion } from '../../core/wire/wire.js';

/** A greeting is no longer than this, with its frame. */
export const GREETING_BYTES = 64;

export interface Peer {
  /** The number of the OS process. */
  readonly number: number;
  /** Which of its lives, from 1. */
  readonly life: number;
}

export function greetingOf({ number, life }: Peer, secret: string): Buffer {
  return Buffer.from(`${wireVersion} ${number} ${life} ${secret}`);
}

/** Whose greeting it is; null: nobody's of ours, or one whose bytes would mean something else. */
export function greeted(bytes: Uint8Array, secret: string): Peer | null {
  const text = Buffer.from(bytes).toString();
  const [, version, number, life, told] = /^(\d{1,7}) (\d{1,7}) (\d{1,7}) (.*)$/.exec(text) ?? [];
  if (told === undefined || !timingSafeEqual(hash(told), hash(secret))) return null;
  if (Number(version) !== wireVersion) return null;
  return { number: Number(number), life: Number(life) };
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
