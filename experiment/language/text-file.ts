/** Text as users save it: UTF-8, and what is not is named as what it is. */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { ScenarioError } from './error.js';

/** Without a byte order mark. @throws ScenarioError where it is no UTF-8; what `fs` does */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path);
  const fail = (problem: string, remedy: string, line = 1, column = 1): never => {
    throw new ScenarioError({ file: path, line, column }, { problem, remedy });
  };
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) fail('the file is compressed', 'gunzip it');
  if (isUtf16(bytes)) fail('the file is in UTF-16', 'save it as UTF-8');
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
