/** Which episodes a chart shows, and what it calls them. */
import type { EpisodeRow } from '../tables/index.js';
import * as words from '../words.js';

/** Up to so many episodes have a labelled bar each; more of them stand side by side. */
export const mostLabelled = 40;
/** More would be thinner than a pixel. */
export const mostDrawn = 800;
const longest = 46;

export interface NumberedEpisode {
  /** Counts from 1 in order of time, as in the tables. */
  readonly number: number;
  readonly label: string;
  readonly row: EpisodeRow;
}

/** All of them, or the longest in order of time. Open ones count as the longest. */
export function drawnEpisodes(episodes: readonly EpisodeRow[]): NumberedEpisode[] {
  const all = episodes.map((row, index) => ({
    number: index + 1,
    label: clip(`${index + 1} · ${words.instant(row.start_s)} · ${row.cause}`),
    row,
  }));
  if (all.length <= mostDrawn) return all;
  const length = ({ row }: NumberedEpisode): number => row.duration_s ?? Infinity;
  return [...all]
    .sort((a, b) => length(b) - length(a) || a.number - b.number)
    .slice(0, mostDrawn)
    .sort((a, b) => a.number - b.number);
}

/** Said after a title when not all are shown. */
export function restriction(drawn: number, all: number): string {
  return drawn === all ? '' : ` (the ${drawn} longest of ${words.count(all)} episodes)`;
}

function clip(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}
