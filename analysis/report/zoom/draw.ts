/** Places marks and ticks anew. Runs in the browser. */
import type { Page, Shape } from './browser.js';
import { list, type Axis, type Mark, type Panel, type Window, type Windows } from './picture.js';
import { plain, ticksIn, unitOf, valueAt } from './ticks.js';

declare const document: Page;

/** Where a place of the untouched picture comes to lie. */
export function moved(pixel: number, size: number, [from, to]: Window, up: boolean): number {
  const share = up ? 1 - pixel / size : pixel / size;
  const now = (share - from) / (to - from);
  return Math.round((up ? 1 - now : now) * size * 1000) / 1000;
}

export function drawPanel(svg: Shape, panel: Panel, windows: Windows): void {
  const { width, height, x, y, marks } = panel;
  const [across, up] = [x === null ? null : windows[x.key], y === null ? null : windows[y.key]];
  const toX = (pixel: number): number => (across ? moved(pixel, width, across, false) : pixel);
  const toY = (pixel: number): number => (up ? moved(pixel, height, up, true) : pixel);
  const isIn = (px: number, py: number): boolean => px >= -1 && px <= width + 1 &&
    (!up || (py >= -1 && py <= height + 1));
  for (const mark of marks) drawMark(mark, toX, toY, isIn);
  hideCutOff(svg, marks);
  clip(svg, panel, up !== undefined && up !== null);
  for (const axis of [x, y]) {
    const shown = axis === null ? undefined : windows[axis.key];
    if (axis !== null && shown && panel.content === axis.element.parentNode) {
      drawAxis(axis, shown, axis.across ? width : height);
    }
  }
}

/** Half a name says something else than all of it. */
export function hideCutOff(svg: Shape, marks: readonly Mark[]): void {
  const edge = svg.getBoundingClientRect();
  for (const { element, kind } of marks) {
    if (kind !== 'text' || element.style.display === 'none') continue;
    const { left, width } = element.getBoundingClientRect();
    const isCut = left < edge.left || left + width > edge.left + edge.width;
    if (isCut) element.style.display = 'none';
  }
}

export function drawMark(
  mark: Mark, toX: (pixel: number) => number, toY: (pixel: number) => number,
  isIn: (x: number, y: number) => boolean,
): void {
  const { element, kind, x, y, dx, dy, path, to } = mark;
  const put = (px: number, py: number): void =>
    element.setAttribute('transform', `translate(${px},${py})`);
  if (kind === 'spot') {
    put(toX(x), toY(y));
    element.style.display = isIn(toX(x), toY(y)) ? '' : 'none';
  } else if (kind === 'stroke') put(toX(x) - x, toY(y) - y);
  else if (kind === 'line') {
    put(toX(x), toY(y));
    element.setAttribute('x2', String(toX(x + dx) - toX(x)));
    element.setAttribute('y2', String(toY(y + dy) - toY(y)));
  } else if (kind === 'path') element.setAttribute('d', placed(path, toX, toY));
  else if (kind === 'text') {
    const [ownX, ownY] = to === null ? [x, y]
      : to.kind === 'path' ? [Number(to.path[1]) + Number(to.path[4]), y] : [to.x, to.y];
    const besides = to === null || to.kind === 'line' || to.kind === 'path';
    const [px, py] = [toX(ownX) + x - ownX, besides ? toY(y) : toY(ownY) + y - ownY];
    put(px, py);
    element.style.display = isIn(toX(ownX), besides ? toY(y) : toY(ownY)) ? '' : 'none';
  }
}

export function placed(
  path: readonly (string | number)[], toX: (pixel: number) => number,
  toY: (pixel: number) => number,
): string {
  let [command, turn] = ['', 0];
  let [atX, atY] = [0, 0];
  const parts = path.map((part) => {
    if (typeof part === 'string') {
      [command, turn] = [part, 0];
      return part;
    }
    const isX = command === 'H' || command === 'h' || (!/[Vv]/.test(command) && turn % 2 === 0);
    turn += 1;
    const isStep = command === 'h' || command === 'v';
    const before = isX ? atX : atY;
    const after = isStep ? before + part : part;
    if (isX) atX = after;
    else atY = after;
    const place = isX ? toX : toY;
    return Math.round((isStep ? place(after) - place(before) : place(after)) * 1000) / 1000;
  });
  return parts.join(' ');
}

/** Keeps what is moved within its plot; where only times move, what rises above it stays. */
export function clip(svg: Shape, panel: Panel, bothWays: boolean): void {
  const { content, width, height, ground } = panel;
  const space = 'http://www.w3.org/2000/svg';
  const id = `zoom-${list(svg.querySelectorAll('.role-frame, .role-scope')).findIndex((group) =>
    group.querySelector(':scope > g > g') === content)}-${svg.getAttribute('data-chart')}`;
  if (svg.querySelector(`#${id}`) === null) {
    const path = document.createElementNS(space, 'clipPath');
    const area = document.createElementNS(space, 'rect');
    const beyond = bothWays ? 0 : 60;
    const sizes = { x: 0, y: -beyond, width, height: height + 2 * beyond };
    for (const [name, value] of Object.entries(sizes)) area.setAttribute(name, String(value));
    path.setAttribute('id', id);
    path.append(area);
    ground.parentNode!.append(path);
  }
  for (const group of list(content.querySelectorAll('.role-mark'))) {
    const isPlaced = /mark-(text|symbol)/.test(group.getAttribute('class') ?? '');
    if (!isPlaced && group.getAttribute('clip-path') === null) {
      group.setAttribute('clip-path', `url(#${id})`);
    }
  }
}

/** At the ends of an axis, labels lean inwards. */
export function anchorOf(text: string, place: number, size: number): string {
  const half = text.length * 3.5;
  return place < half - 12 ? 'start' : place > size - half + 12 ? 'end' : 'middle';
}

export function drawAxis(axis: Axis, window: Window, size: number): void {
  const { across, marks } = axis;
  const ticks = ticksIn(axis, window, Math.max(2, Math.floor(size / (across ? 70 : 36))));
  const places = ticks.map(({ share }) => {
    const now = (share - window[0]) / (window[1] - window[0]);
    return Math.round((across ? now : 1 - now) * size);
  });
  for (const { holder, pattern, shift, aside } of marks) {
    holder.replaceChildren(...places.map((place, index) => {
      const one = pattern.cloneNode(true);
      const at = place + shift;
      one.setAttribute('transform', `translate(${across ? `${at},${aside}` : `${aside},${at}`})`);
      if (pattern.tagName === 'text') {
        one.textContent = ticks[index].text;
        one.setAttribute('opacity', '1');
        if (across) one.setAttribute('text-anchor', anchorOf(ticks[index].text, place, size));
      }
      return one;
    }));
    if (pattern.tagName === 'text' && !across) squeeze(axis, holder);
  }
}

/** Labels with more digits than there is room for beside the title are set narrower. */
export function squeeze({ element }: Axis, labels: Shape): void {
  const title = element.querySelector('.role-axis-title')?.getBoundingClientRect();
  const drawn = element.querySelector('.role-axis-domain line');
  if (title === undefined || drawn === null) return;
  const length = Math.abs(Number(drawn.getAttribute('y2')));
  const scale = drawn.getBoundingClientRect().height / length;
  for (const label of list(labels.children)) {
    const { left, width } = label.getBoundingClientRect();
    const room = left + width - (title.left + title.width) - 3;
    if (width <= room) continue;
    label.setAttribute('textLength', String(room / scale));
    label.setAttribute('lengthAdjust', 'spacingAndGlyphs');
  }
}

/** What there is to see now, in words. */
export function told(panels: readonly Panel[], windows: Windows): string {
  const axes = panels.flatMap(({ x, y }) => [x, y]);
  const seen = new Map<string, string>();
  for (const axis of axes) {
    const window = axis === null ? undefined : windows[axis.key];
    if (axis === null || window === undefined || axis.title === '') continue;
    if (window[0] === 0 && window[1] === 1) continue;
    const [unit, name] = unitOf(axis, valueAt(axis.scale, window[1]));
    const [low, high] = window.map((share) => valueAt(axis.scale, share) / unit);
    const isLog = axis.scale.type === 'log';
    const percent = axis.named.some(({ text }) => text.endsWith('%'));
    const range = [low, high].map((value) =>
      plain(value, (isLog ? value : high - low) / 50, percent));
    seen.set(axis.key, `${axis.title}: ${range.join(' to ')}${name}`);
  }
  return [...seen.values()].join('; ');
}
