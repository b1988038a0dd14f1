/** `--seeds 51..150`: a part of a check, so that several processes may share it; null: all. */
export function chosenSeeds(
  words: readonly string[],
): { readonly from: number; readonly to: number } | null {
  const chosen = /^(\d+)\.\.(\d+)$/.exec(words[words.indexOf('--seeds') + 1] ?? '');
  return chosen === null ? null : { from: Number(chosen[1]), to: Number(chosen[2]) };
}
