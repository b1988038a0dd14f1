/**
 * A space-time diagram (Lamport, CACM 21(7), 1978): a line per process, time downwards, an arrow
 * per message. Time is bent: what happens in an instant is spread, where nothing happens little is
 * left.
 */
import { markup, type Content, type Markup } from '../report/markup.js';
import { colours, fonts } from '../report/theme.js';
import * as words from '../words.js';
import type { Told } from './chronicle.js';
import { type Arrow, type Excerpt, excerptOf } from './excerpt.js';
import type { Trace } from './read.js';

const columnPx = 130;
const timePx = 96;
const textPx = 470;
const topPx = 64;
/** Between an instant and the next: at least, and at most, whatever the time between. */
const leastPx = 5;
const mostPx = 46;
/** Between two lines of text. */
const linePx = 15;

/** How an instant and a process become a place. */
interface Plan {
  readonly columns: readonly number[];
  readonly x: (process: number) => number;
  readonly y: (timeUs: number) => number;
  readonly width: number;
  readonly height: number;
}

const sortColours = { fault: colours.red, plane: colours.blue, resource: colours.grey } as const;

/** As SVG. */
export function spaceTime(trace: Trace, title: string): string {
  const excerpt = excerptOf(trace);
  const plan = planOf(excerpt);
  const parts = [
    text(16, 24, title, { size: 15, weight: 600 }),
    text(16, 42, captionOf(excerpt), { colour: colours.grey }),
    ...plan.columns.flatMap((process) => lifeline(plan, process, trace)),
    ...downTimes(trace, excerpt, plan),
    ...excerpt.arrows.map((arrow) => drawnArrow(plan, arrow)),
    ...rowsOf(excerpt.told).flatMap(([told, row]) => drawnEvent(plan, told, row)),
  ];
  const { width, height } = plan;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"
 viewBox="0 0 ${width} ${height}" font-family="${fonts}">
<title>${title}</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<defs><marker id="head" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7"
 orient="auto"><path d="M0 0.8 8 4 0 7.2z" fill="${colours.black}"/></marker></defs>
${parts}
</svg>
`.toString();
}

function captionOf({ fromUs, untilUs, leftOut }: Excerpt): string {
  const span = `${seconds(fromUs)} to ${seconds(untilUs)}, time bent`;
  if (leftOut.length === 0) return span;
  const types = leftOut.map(([message, count]) => `${words.count(count)} ${message}`);
  return `${span}; left out: ${words.list(types, 6)}`;
}

function planOf({ arrows, told }: Excerpt): Plan {
  const columns = [...new Set([
    ...told.map(({ process }) => process), ...arrows.flatMap(({ from, to }) => [from, to]),
  ])].filter((process) => process >= 0).sort((a, b) => a - b);
  const texts = new Map<number, number>();
  for (const { timeUs } of told) texts.set(timeUs, (texts.get(timeUs) ?? 0) + 1);
  const instants = [...new Set([
    ...texts.keys(), ...arrows.flatMap(({ sentUs, receivedUs }) => [sentUs, receivedUs ?? sentUs]),
  ])].sort((a, b) => a - b);
  const places = new Map<number, number>();
  let y = topPx + 30;
  // Below the last text, lest two lie on each other.
  let textEnd = 0;
  let before = instants[0];
  for (const instant of instants) {
    y += Math.min(mostPx, leastPx + Math.log2(1 + (instant - before) / 1000) * 2.5);
    const count = texts.get(instant) ?? 0;
    if (count > 0) {
      y = Math.max(y, textEnd + linePx);
      textEnd = y + (count - 1) * linePx;
    }
    places.set(instant, y);
    before = instant;
  }
  return {
    columns,
    x: (process) => timePx + (columns.indexOf(process) + 0.5) * columnPx,
    y: (timeUs) => places.get(timeUs) ?? topPx + 30,
    width: timePx + columns.length * columnPx + textPx,
    height: Math.max(y, textEnd) + 30,
  };
}

function lifeline({ x, height }: Plan, process: number, trace: Trace): Markup[] {
  const at = x(process);
  return [
    text(at, topPx, trace.nameOf(process), { anchor: 'middle', weight: 600 }),
    line([at, topPx + 8], [at, height - 16], colours.pale, 1.5),
  ];
}

/** Where a process is down or stands still, its line is thick and pale. */
function downTimes(trace: Trace, { fromUs }: Excerpt, plan: Plan): Markup[] {
  const since = new Map<number, number>();
  const bars: Markup[] = [];
  const bar = (process: number, untilPx: number): void => {
    const fromPx = since.get(process)!;
    const at = plan.x(process);
    since.delete(process);
    bars.push(markup`<rect x="${at - 5}" y="${px(fromPx)}" width="10"
 height="${px(untilPx - fromPx)}" fill="${colours.pale}"><title>${
  trace.nameOf(process)} is away</title></rect>`);
  };
  for (const { timeUs, process, what: { type } } of trace.entries) {
    if (!plan.columns.includes(process)) continue;
    const place = timeUs < fromUs ? topPx + 8 : plan.y(timeUs);
    const away = type === 'process-down' || type === 'process-paused';
    const back = type === 'process-up' || type === 'process-resumed';
    if ((away || back) && since.has(process)) bar(process, place);
    if (away) since.set(process, place);
  }
  for (const process of since.keys()) bar(process, plan.height - 16);
  return bars;
}

function drawnArrow(plan: Plan, { from, to, message, sentUs, receivedUs }: Arrow): Markup {
  const start = [plan.x(from), plan.y(sentUs)] as const;
  const target = plan.x(to);
  const label = `${message}, sent at ${seconds(sentUs)}` +
    (receivedUs === null ? ', never received' : `, received at ${seconds(receivedUs)}`);
  // One that is lost ends half way.
  const end = receivedUs === null
    ? [(start[0] + target) / 2, start[1] + 9] as const : [target, plan.y(receivedUs)] as const;
  const colour = receivedUs === null ? colours.red : colours.black;
  const style = receivedUs === null
    ? markup`stroke-dasharray="4 3"` : markup`marker-end="url(#head)"`;
  const [x, y] = [start[0] * 0.7 + end[0] * 0.3, start[1] * 0.7 + end[1] * 0.3 - 2];
  return markup`<g><title>${label}</title>${line(start, end, colour, 0.9, style)}
${receivedUs === null && text(end[0], end[1] + 4, '✕', { anchor: 'middle', colour })}
${text(x, y, message, { anchor: 'middle', size: 9, colour: '#5b636c' })}</g>`;
}

/** With its row among the texts of its instant. */
function rowsOf(told: readonly Told[]): (readonly [Told, number])[] {
  let row = 0;
  return told.map((one, index) => {
    row = index > 0 && told[index - 1].timeUs === one.timeUs ? row + 1 : 0;
    return [one, row];
  });
}

function drawnEvent(plan: Plan, told: Told, row: number): Content[] {
  const y = plan.y(told.timeUs);
  const colour = sortColours[told.sort];
  const right = timePx + plan.columns.length * columnPx;
  return [
    told.sort === 'fault' && line([timePx, y], [right, y], colours.red, 0.6),
    told.process >= 0 &&
      markup`<circle cx="${plan.x(told.process)}" cy="${px(y)}" r="3.6" fill="${colour}"/>`,
    row === 0 && text(8, y + 4, seconds(told.timeUs), { colour: colours.grey, size: 11 }),
    text(right + 8, y + row * linePx + 4, told.text, { colour, size: 12 }),
  ];
}

function seconds(timeUs: number): string {
  return `${(timeUs / 1e6).toFixed(3)} s`;
}

type Place = readonly [x: number, y: number];

function line(
  [x1, y1]: Place, [x2, y2]: Place, colour: string, width: number, more: Content = null,
): Markup {
  return markup`<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"
 stroke="${colour}" stroke-width="${width}" ${more}/>`;
}

function text(x: number, y: number, content: string, how: {
  readonly size?: number; readonly weight?: number; readonly anchor?: string;
  readonly colour?: string;
}): Markup {
  const { size = 12, weight = 400, anchor = 'start', colour = colours.black } = how;
  return markup`<text x="${px(x)}" y="${px(y)}" font-size="${size}" font-weight="${weight}"
 text-anchor="${anchor}" fill="${colour}">${content}</text>`;
}

function px(value: number): number {
  return Math.round(value * 10) / 10;
}
