/** Directories in the making, and what killed processes left of theirs. */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { kill, pid } from 'node:process';

/** Of a hidden sibling of `target`, whose name tells who makes it. */
export function inTheMaking(target: string): string {
  const random = randomBytes(6).toString('hex');
  return join(dirname(target), `.${basename(target)}.new-${here()}-${pid}-${random}`);
}

/** Of a hidden sibling of `target` to which the old one steps aside. */
export function aside(target: string): string {
  return join(dirname(target), `.${basename(target)}.old-aside`);
}

/**
 * Removes from a folder what processes of this machine left that are no more.
 *
 * @param locked - nobody else may be at work here: what others left goes too
 */
export function sweepUp(folder: string, locked = false): void {
  for (const name of fs.readdirSync(folder)) {
    if (!name.startsWith('.')) continue;
    const [, place = '', id] = /\.new-([0-9a-f]{8})-(\d+)-[0-9a-f]{12}$/.exec(name) ?? [];
    const dead = id !== undefined && place === here() && !isRunning(Number(id));
    const [, replaced] = /^\.(.+)\.old-aside$/.exec(name) ?? [];
    const over = replaced !== undefined && fs.existsSync(join(folder, replaced));
    const made = locked && /\.new-[0-9a-f-]+$/.test(name);
    if (dead || over || made) fs.rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** Of the machine, and of the space in which its processes have their numbers. */
function here(): string {
  let space = '';
  try {
    space = fs.readlinkSync('/proc/self/ns/pid');
  } catch {
    // There is but one.
  }
  return createHash('sha256').update(`${hostname()}/${space}`).digest('hex').slice(0, 8);
}

/** Whether this host has a process of that number. */
export function isRunning(id: number): boolean {
  try {
    kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
