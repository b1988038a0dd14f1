/** "did you mean X?" if one of `known` is near to `word`, else all that there is to choose from. */
export function suggestion(word: string, known: readonly string[]): string {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  if (best !== undefined) return `did you mean ${best}?`;
  return known.length === 0 ? 'remove it' : `known here: ${known.join(', ')}`;
}

/** Insertions, deletions and substitutions. */
function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const substituted = last[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(last[column] + 1, current[column - 1] + 1, substituted));
    }
    last = current;
  }
  return last[b.length];
}
