/** HTML and SVG by template: whatever is put into one is escaped, but for what a template made. */

/** Text that may stand in a page as it is. */
export class Markup {
  private readonly text: string;

  /** @param text - made by {@link markup}, or by a library that escapes: see {@link trusted} */
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template; lists line by line, null and false as nothing. */
export type Content = string | number | Markup | null | false | readonly Content[];

/** Attributes stand in quotes, of either kind. */
export function markup(pieces: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(pieces.reduce((all, piece, index) =>
    `${all}${written(contents[index - 1])}${piece}`));
}

/** Markup that no template made: a picture, a script. Never what a user can name. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function written(content: Content): string {
  if (content === null || content === false) return '';
  if (content instanceof Markup) return content.toString();
  if (typeof content === 'object') {
    return content.map(written).filter((part) => part !== '').join('\n');
  }
  return escaped(String(content));
}

const named: Readonly<Record<string, string>> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;',
};

function escaped(text: string): string {
  const safe = text.replace(/[&<>"']/g, (character) => named[character]);
  // A number stays with its unit.
  return safe.replace(/(\d) (?=(?:ms|s|min|h|d|[kMGT]?B)\b)/g, '$1\u00a0');
}
