import type { OutputArguments } from './options.js';

/** What a command has to say: as data with --json, else in words unless --quiet. */
export function answer(
  { json, quiet }: OutputArguments, data: () => unknown, text: () => string,
): void {
  if (json) console.log(JSON.stringify(data(), null, 2));
  else if (!quiet) console.log(text());
}
