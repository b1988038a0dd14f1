/** Text as users save it: UTF-8, and what is not is named as what it is. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { ScenarioError, type Complaint } from './error.js';

/** Without a byte order mark. @throws ScenarioError where it is no UTF-8; what `fs` does */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path);
  const fail = (problem: string, remedy: string, line = 1, column = 1): never => {
    throw new ScenarioError({ file: path, line, column }, { problem, remedy });
  };
  const foreign = foreignTo(bytes);
  if (foreign !== null) fail(foreign.problem, foreign.remedy);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const zero = text.indexOf('\0');
    if (zero < 0) return text;
    const [line, column] = placeIn(text.slice(0, zero));
    return fail('the file holds a zero byte, so it is no text', 'name a text', line, column);
  } catch (error) {
    if (error instanceof ScenarioError) throw error;
    const [line, column] = placeIn(startOf(bytes));
    return fail('what stands here is not UTF-8', 'save the file as UTF-8', line, column);
  }
}

/** Of a long file, by its beginning alone. @throws ScenarioError as above; what `fs` does */
export function refuseForeign(path: string): void {
  if (statSync(path).isDirectory()) return;
  const start = new Uint8Array(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  const foreign = foreignTo(start);
  if (foreign !== null) throw new ScenarioError({ file: path, line: 1, column: 1 }, foreign);
}

/** Why what begins so is no UTF-8, whatever follows. */
function foreignTo(start: Uint8Array): Complaint | null {
  if (start[0] === 0x1f && start[1] === 0x8b) {
    return { problem: 'the file is compressed', remedy: 'gunzip it' };
  }
  return isUtf16(start) ? { problem: 'the file is in UTF-16', remedy: 'save it as UTF-8' } : null;
}

/** By its mark, or by every other byte of its beginning being zero. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return bytes.length >= 2 && (first === 0) !== (second === 0);
}

/** As much of it as is UTF-8. */
function startOf(bytes: Uint8Array): string {
  let sound = 0;
  let broken = bytes.length;
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1;
    // A piece may end within a character: then it goes on, and that is no fault.
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      sound = middle;
    } catch {
      broken = middle;
    }
  }
  return new TextDecoder().decode(bytes.subarray(0, sound), { stream: true });
}

/** Where what comes next stands, from 1. */
function placeIn(before: string): [line: number, column: number] {
  const lines = before.split('\n');
  return [lines.length, lines[lines.length - 1].length + 1];
}

/** After the file, as a directory may be called; `otherwise`: where it leaves nothing to say. */
export function nameFrom(file: string, otherwise: string): string {
  const name = basename(file, extname(file)).replaceAll(/[^A-Za-z0-9._-]+/g, '-');
  return /[A-Za-z0-9]/.test(name) ? name : otherwise;
}
