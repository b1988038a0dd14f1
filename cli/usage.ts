/** What yargs has to complain about, in our words and with what would be right. */
import { suggestion } from '../experiment/language/error.js';

/** @param words - of the command line; `known` - options of the command */
export function usageText(
  message: string | null,
  words: readonly string[],
  known: readonly string[],
): string {
  const command = words.find((word) => !word.startsWith('-')) ?? '';
  const help = `see sim ${command === '' ? '' : `${command} `}--help`;
  if (message === null) return `sim: wrong usage, ${help}`;
  // Said by the reader of an option.
  if (message.startsWith('--')) return message;
  const [, misspelt] = /^Did you mean (.*)\?$/.exec(message) ?? [];
  if (misspelt !== undefined) return `sim: unknown command ${command}, did you mean ${misspelt}?`;
  if (message.startsWith('Not enough non-option arguments')) {
    const odd = words.map(nameOf).find((name) => name !== null && !known.includes(name)) ?? null;
    if (odd !== null) return unknownText(odd, words, known, help);
    return `sim ${command}: name a file or directory to work on, ${help}`;
  }
  const [, hungry] = /^Not enough arguments following: (.*)$/.exec(message) ?? [];
  if (hungry !== undefined) return `--${hungry}: a value is missing, write --${hungry} VALUE`;
  const [, unknown] = /^Unknown arguments?: (.*)$/.exec(message) ?? [];
  if (unknown !== undefined) {
    const names = unknown.split(', ');
    return unknownText(names.includes(command) ? command : names[0], words, known, help);
  }
  const [, option, given, choices] =
    /Argument: (.*?), Given: (.*), Choices: (.*)/.exec(message) ?? [];
  if (option !== undefined) {
    const said = given.replaceAll('"', '');
    const remedy = suggestion(said, choices.replaceAll('"', '').split(', '));
    return `--${option}: ${said} is not a choice here, ${remedy}`;
  }
  return `sim: ${message.replaceAll(/\s*\n\s*/g, ' ')}, ${help}`;
}

/** Of the option that a word names; null: it names none. */
function nameOf(word: string): string | null {
  return /^--?(?:no-)?([a-z][^=]*)/i.exec(word)?.[1] ?? null;
}

function unknownText(
  name: string,
  words: readonly string[],
  known: readonly string[],
  help: string,
): string {
  const said = words.find((word) => nameOf(word) === name) ??
    words.find((word) => word === name) ?? name;
  if (!said.startsWith('-')) {
    const [command] = words.filter((word) => !word.startsWith('-'));
    return said === command
      ? `sim: unknown command ${said}, see sim --help`
      : `sim ${command}: ${said} is one argument too many, ${help}`;
  }
  const near = suggestion(name, known.filter((option) => option.length > 1));
  const remedy = near.startsWith('did you mean ') ? near.replace('mean ', 'mean --') : help;
  return `sim: unknown option ${said.split('=')[0]}, ${remedy}`;
}
