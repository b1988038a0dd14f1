/** What led to a broken promise, in words. */
import type { Told } from './chronicle.js';
import { excerptOf } from './excerpt.js';
import type { Trace } from './read.js';

/** Lines like it, one after the other, become one. */
const MOST_ALIKE = 3;

/**
 * As Markdown.
 *
 * @param ending - what came of it
 */
export function storyOf(trace: Trace, head: { readonly title: string; readonly ending: string }):
string {
  const lines = [`# ${head.title}`, ''];
  for (const group of alike(excerptOf(trace).told)) {
    const [first] = group;
    const texts = group.slice(0, MOST_ALIKE).map(({ text }) => text);
    const more = group.length > MOST_ALIKE ? `; ${group.length - MOST_ALIKE} more like it` : '';
    const at = `${(first.timeUs / 1e6).toFixed(3)} s`;
    const what = `${texts.join('; ')}${more}`;
    lines.push(`- ${at} ${first.sort === 'fault' ? `**${what}**` : what}`);
  }
  return [...lines, '', head.ending, ''].join('\n');
}

/** What one process tells of its resources in one instant belongs together. */
function alike(told: readonly Told[]): Told[][] {
  const groups: Told[][] = [];
  for (const one of told) {
    const before = groups.at(-1)?.at(-1);
    const isMore = before !== undefined && one.sort === 'resource' && before.sort === one.sort &&
      before.process === one.process && one.timeUs - before.timeUs < 1000;
    if (isMore) groups.at(-1)!.push(one);
    else groups.push([one]);
  }
  return groups;
}
