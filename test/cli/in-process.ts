/** Carries out a command line of `sim` in this process: for the many that end before they begin. */
import { format } from 'node:util';
import { main } from '../../cli/program.js';
import type { Ended } from './sim.js';

/** What is printed meanwhile. */
function captured(name: 'log' | 'error'): { text: string; end(): void } {
  const { [name]: print } = console;
  const capture = { text: '', end: () => void (console[name] = print) };
  console[name] = (...words: unknown[]): void => {
    capture.text += `${format(...words)}\n`;
  };
  return capture;
}

/** In `directory`; one at a time. */
export async function simHere(directory: string, ...words: string[]): Promise<Ended> {
  const home = process.cwd();
  const { exitCode } = process;
  const [stdout, stderr] = [captured('log'), captured('error')];
  process.chdir(directory);
  process.exitCode = undefined;
  try {
    await main(words);
    return { status: Number(process.exitCode ?? 0), stdout: stdout.text, stderr: stderr.text };
  } finally {
    stdout.end();
    stderr.end();
    process.chdir(home);
    process.exitCode = exitCode;
  }
}
